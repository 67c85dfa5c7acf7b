import type { DocumentDescription } from '@aws-sdk/client-ssm'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'
import { Time } from '#components/time.tsx'
import { documents } from '#texts/documents.ts'
import { platformsText } from './document-columns.tsx'
import { ownerText } from './owner.ts'

const { fields } = documents

/** What is known of a document beside its content. */
export function DocumentDetails({ document }: { document: DocumentDescription }) {
  const pairs: [string, ReactNode][] = [
    [fields.type, document.DocumentType],
    [fields.platforms, platformsText(document.PlatformTypes)],
    [fields.owner, ownerText(document)],
    [fields.created, <Time key="created" at={document.CreatedDate} />],
    [fields.defaultVersion, document.DefaultVersion],
    [fields.latestVersion, document.LatestVersion],
    [fields.schemaVersion, document.SchemaVersion],
    [fields.format, document.DocumentFormat],
    [fields.displayName, document.DisplayName],
    [fields.versionName, document.VersionName],
    [fields.targetType, document.TargetType],
    [fields.review, document.ReviewStatus],
  ]
  return (
    <Container header={<Header>{documents.read.details}</Header>}>
      <SpaceBetween size="l">
        {document.Description && <span className="st-lines">{document.Description}</span>}
        <KeyValuePairs
          columns={4}
          minColumnWidth={120}
          items={pairs.filter(([, value]) => value).map(([label, value]) => ({ label, value }))}
        />
      </SpaceBetween>
    </Container>
  )
}
