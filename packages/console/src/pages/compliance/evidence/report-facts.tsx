import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import type { ReactNode } from 'react'
import { instant } from '#api/wire.ts'
import { Copyable } from '#components/copyable.tsx'
import { Properties } from '#components/properties.tsx'
import { Time } from '#components/time.tsx'
import { evidence } from '#texts/evidence.ts'
import type { Report } from './read-evidence.ts'
import { ReportStatus, SignOffStatus } from './sign-off-status.tsx'

const { report: texts, columns, scope } = evidence

/** Who asked for what, when, and what proves it. */
export function ReportFacts({ report }: { report: Report }) {
  const { Targets = [], ComplianceTypes = [], ScheduleName, DueAt, Digest, AuditRecords, AuditHash, Delivery } = report
  const nodes = Targets.map(({ Key, Values = [] }) => `${Key} = ${Values.join(', ')}`).join('; ')
  const optional = (label: string, value: ReactNode) => (value === undefined ? [] : [{ label, value }])
  return (
    <Container header={<Header variant="h2">{texts.facts}</Header>}>
      <Properties
        columns={2}
        items={[
          { label: columns.status, value: <ReportStatus status={report.Status} /> },
          { label: columns.signOff, value: <SignOffStatus state={report.SignOff} /> },
          { label: scope.group, value: nodes || scope.everyNode },
          { label: scope.types, value: ComplianceTypes.join(', ') || scope.allTypes },
          { label: columns.by, value: report.RequestedBy },
          { label: columns.made, value: <Time at={instant(report.CreatedAt)} /> },
          ...optional(texts.complete, report.CompletedAt && <Time at={instant(report.CompletedAt)} />),
          ...optional(columns.schedule, ScheduleName),
          ...optional(texts.due, DueAt && <Time at={instant(DueAt)} />),
          ...optional(texts.digest, Digest && <Copyable text={Digest} />),
          ...optional(texts.audit, AuditHash && texts.auditOf(AuditRecords ?? 0, AuditHash)),
          ...optional(texts.delivery, Delivery && <Delivered report={report} />),
        ]}
      />
    </Container>
  )
}

function Delivered({ report: { Destination, Delivery } }: { report: Report }) {
  const { Status = 'Pending', Message, Keys = [] } = Delivery ?? {}
  if (Status !== 'Delivered') return <>{[texts.deliveries[Status], Message].filter(Boolean).join(': ')}</>
  return Keys.map((key) => <div key={key}>{`s3://${Destination?.BucketName}/${key}`}</div>)
}
