import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { instant } from '#api/wire.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { PageTabs } from '#components/page-tabs.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { compliance } from '#texts/compliance.ts'
import { evidence as texts } from '#texts/evidence.ts'
import { MakeReport } from './make-report.tsx'
import { PutSchedule } from './put-schedule.tsx'
import { type Report, useReports } from './read-evidence.ts'
import { SchedulesTable } from './schedules-table.tsx'
import { ReportStatus, SignOffStatus } from './sign-off-status.tsx'

/** Evidence reports and their schedules. */
export function EvidencePage() {
  const [asking, setAsking] = useState<'report' | 'schedule'>()
  const close = () => setAsking(undefined)
  return (
    <PageFrame
      title={texts.title}
      description={texts.description}
      above={[{ text: compliance.title, to: '/compliance' }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={() => setAsking('schedule')}>{texts.schedule.act}</Button>
          <Button variant="primary" onClick={() => setAsking('report')}>
            {texts.make.act}
          </Button>
        </SpaceBetween>
      }
    >
      <PageTabs
        label={texts.title}
        tabs={[
          { id: 'reports', label: texts.tabs.reports, content: <ReportsTable /> },
          { id: 'schedules', label: texts.tabs.schedules, content: <SchedulesTable /> },
        ]}
      />
      {asking === 'report' && <MakeReport onClose={close} />}
      {asking === 'schedule' && <PutSchedule onClose={close} />}
    </PageFrame>
  )
}

function ReportsTable() {
  const read = useReports()
  return (
    <ResourceTable
      name="evidence-reports"
      variant="container"
      title={texts.reports}
      columns={COLUMNS}
      idOf={({ ReportId }) => ReportId}
      items={read.data}
      error={read.error}
      retry={() => void read.refetch()}
      reading={read.isFetching}
      command={shellWords('npx', 'steward', 'compliance', 'evidence', 'list')}
      empty={<Empty title={texts.empty.title}>{texts.empty.body}</Empty>}
    />
  )
}

function compliantOf({ Nodes }: Report): string {
  return Nodes ? texts.of(Nodes.Compliant, Nodes.Total) : '–'
}

const { columns: names } = texts

const COLUMNS: readonly Column<Report>[] = [
  {
    id: 'name',
    header: names.name,
    cell: ({ Name, ReportId }) => <ConsoleLink to={`/compliance/evidence/${ReportId}`}>{Name}</ConsoleLink>,
    text: ({ Name }) => Name,
    rowHeader: true,
    width: 220,
  },
  {
    id: 'made',
    header: names.made,
    cell: ({ CreatedAt }) => <Time at={instant(CreatedAt)} only="relative" />,
    text: ({ CreatedAt }) => instant(CreatedAt)!.toISOString(),
    width: 170,
  },
  {
    id: 'status',
    header: names.status,
    cell: ({ Status }) => <ReportStatus status={Status} />,
    text: ({ Status }) => texts.statuses[Status],
    choices: true,
    width: 130,
  },
  {
    id: 'compliant',
    header: names.compliant,
    cell: compliantOf,
    text: compliantOf,
    sort: ({ Nodes }) => Nodes?.Compliant ?? -1,
    number: true,
    width: 190,
  },
  {
    id: 'sign-off',
    header: names.signOff,
    cell: ({ SignOff }) => <SignOffStatus state={SignOff} />,
    text: ({ SignOff }) => texts.signOffs[SignOff],
    choices: true,
    width: 130,
  },
  {
    id: 'schedule',
    header: names.schedule,
    cell: ({ ScheduleName }) => ScheduleName ?? '–',
    text: ({ ScheduleName = '' }) => ScheduleName,
    choices: true,
    width: 130,
  },
  {
    id: 'by',
    header: names.by,
    cell: ({ RequestedBy }) => RequestedBy,
    text: ({ RequestedBy }) => RequestedBy,
    hidden: true,
    width: 280,
  },
]
