import type { AssociationDescription } from '@aws-sdk/client-ssm'
import Container from '@cloudscape-design/components/container'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { ConsoleLink } from '#components/console-link.tsx'
import { Copyable } from '#components/copyable.tsx'
import { Properties } from '#components/properties.tsx'
import { Time } from '#components/time.tsx'
import { associations } from '#texts/associations.ts'
import { targetsInWords } from './in-words.ts'

const { page: texts, columns, form } = associations

/** What was asked for. */
export function Details({ association }: { association: AssociationDescription }) {
  const { Name = '', DocumentVersion, AssociationVersion, AssociationId = '', Targets, InstanceId } = association
  const { ApplyOnlyAtCronInterval, MaxConcurrency, MaxErrors, ComplianceSeverity, SyncCompliance } = association
  const s3 = association.OutputLocation?.S3Location
  const parameters = Object.entries(association.Parameters ?? {})
  return (
    <Container>
      <SpaceBetween size="l">
        <Properties
          columns={3}
          items={[
            {
              label: columns.document,
              value: <ConsoleLink to={`/documents/show?${new URLSearchParams({ name: Name })}`}>{Name}</ConsoleLink>,
            },
            { label: texts.documentVersion, value: DocumentVersion },
            { label: columns.targets, value: targetsInWords(Targets, InstanceId) },
            { label: columns.schedule, value: ApplyOnlyAtCronInterval ? texts.onlyAt : texts.atOnce },
            { label: texts.rate, value: MaxConcurrency || '–' },
            { label: texts.errors, value: MaxErrors || '–' },
            { label: texts.severity, value: form.severities[ComplianceSeverity ?? 'UNSPECIFIED'] },
            { label: texts.sync, value: texts.syncs[SyncCompliance ?? 'AUTO'] },
            {
              label: texts.output,
              value: s3?.OutputS3BucketName
                ? [s3.OutputS3BucketName, s3.OutputS3KeyPrefix].filter(Boolean).join('/')
                : texts.noOutput,
            },
            { label: texts.version, value: AssociationVersion },
            { label: texts.created, value: <Time at={association.Date} /> },
            { label: texts.changed, value: <Time at={association.LastUpdateAssociationDate} /> },
          ]}
        />
        <Properties
          items={[
            { label: columns.id, value: <Copyable text={AssociationId} /> },
            {
              label: texts.parameters,
              value:
                parameters.length === 0
                  ? texts.noParameters
                  : parameters.map(([name, values]) => (
                      <pre key={name} className="st-pre">
                        {`${name}: ${values.join('\n')}`}
                      </pre>
                    )),
            },
          ]}
        />
      </SpaceBetween>
    </Container>
  )
}
