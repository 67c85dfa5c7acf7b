import type { DocumentDescription } from '@aws-sdk/client-ssm'
import type { ReactNode } from 'react'
import { PageTabs } from '#components/page-tabs.tsx'
import { SsmTags } from '#components/ssm-tags.tsx'
import { documents } from '#texts/documents.ts'
import { ContentTab } from './content-tab.tsx'
import { originOf } from './owner.ts'
import { ParametersTab } from './parameters-tab.tsx'
import { RunsTab } from './runs-tab.tsx'
import { SharingTab } from './sharing-tab.tsx'
import { StepsTab } from './steps-tab.tsx'
import { VersionsTab } from './versions-tab.tsx'

const texts = documents.tabs

export interface DocumentTabProps {
  /** The name by which callers here know it. */
  readonly name: string
  readonly document: DocumentDescription
}

/** Everything about a document, part by part; the address says which part. */
export function DocumentTabs(props: DocumentTabProps) {
  return <PageTabs label={texts.label} tabs={tabsOf(props)} />
}

function tabsOf(props: DocumentTabProps): { id: string; label: string; content: ReactNode }[] {
  const { document } = props
  const own = originOf(document) === 'own'
  const runs = document.DocumentType === 'Command' || document.DocumentType === 'Policy'
  const isText = document.DocumentFormat === 'TEXT'
  return [
    { id: 'content', label: texts.content, content: <ContentTab {...props} /> },
    ...(isText ? [] : [{ id: 'parameters', label: texts.parameters, content: <ParametersTab {...props} /> }]),
    ...(isText || document.DocumentType === 'Session'
      ? []
      : [{ id: 'steps', label: texts.steps, content: <StepsTab {...props} /> }]),
    { id: 'versions', label: texts.versions, content: <VersionsTab {...props} /> },
    ...(runs ? [{ id: 'runs', label: texts.runs, content: <RunsTab {...props} /> }] : []),
    ...(own
      ? [
          { id: 'sharing', label: texts.sharing, content: <SharingTab {...props} /> },
          { id: 'tags', label: texts.tags, content: <SsmTags kind="documents" type="Document" id={props.name} /> },
        ]
      : []),
  ]
}
