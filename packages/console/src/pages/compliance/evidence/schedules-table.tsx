import Button from '@cloudscape-design/components/button'
import { useMemo, useState } from 'react'
import { useAct } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { instant } from '#api/wire.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { scheduleInWords } from '#components/schedule-in-words.ts'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { evidence } from '#texts/evidence.ts'
import { type Schedule, useSchedules } from './read-evidence.ts'

const { schedules: texts } = evidence

export function SchedulesTable() {
  const read = useSchedules()
  const [deleted, setDeleted] = useState<string>()
  const columns = useMemo(() => columnsOf(setDeleted), [])
  return (
    <>
      <ResourceTable
        name="evidence-schedules"
        prefix="s-"
        variant="container"
        title={texts.title}
        columns={columns}
        searchable={false}
        idOf={({ Name }) => Name}
        items={read.data}
        error={read.error}
        retry={() => void read.refetch()}
        reading={read.isFetching}
        command={shellWords('npx', 'steward', 'compliance', 'evidence', 'schedule', 'list')}
        empty={<Empty title={texts.empty.title}>{texts.empty.body}</Empty>}
      />
      {deleted !== undefined && <DeleteSchedule name={deleted} onClose={() => setDeleted(undefined)} />}
    </>
  )
}

function DeleteSchedule({ name, onClose }: { name: string; onClose: () => void }) {
  const remove = useAct(['evidence'], () => steward('DeleteEvidenceSchedule', { Name: name }))
  return (
    <Confirm
      title={texts.removeTitle(name)}
      act={texts.remove}
      command={shellWords('npx', 'steward', 'compliance', 'evidence', 'schedule', 'delete', name)}
      onConfirm={async () => {
        await remove.mutateAsync(undefined)
        notify({ type: 'success', header: texts.removed(name) })
      }}
      onClose={onClose}
    >
      {texts.removeBody}
    </Confirm>
  )
}

function whenOf({ ScheduleExpression, ScheduleTimezone }: Schedule): string {
  return `${scheduleInWords(ScheduleExpression)}, ${ScheduleTimezone}`
}

function placeOf({ Destination }: Schedule): string {
  return Destination ? `s3://${[Destination.BucketName, Destination.Prefix].filter(Boolean).join('/')}` : '–'
}

function columnsOf(onDelete: (name: string) => void): Column<Schedule>[] {
  const { columns: names } = texts
  return [
    { id: 'name', header: names.name, cell: ({ Name }) => Name, text: ({ Name }) => Name, rowHeader: true, width: 180 },
    { id: 'when', header: names.when, cell: whenOf, text: whenOf, width: 220 },
    {
      id: 'next',
      header: names.next,
      cell: ({ NextRun }) => <Time at={instant(NextRun)} />,
      text: ({ NextRun }) => instant(NextRun)?.toISOString() ?? '',
      width: 260,
    },
    {
      id: 'last',
      header: names.last,
      cell: ({ LastReportId }) =>
        LastReportId ? <ConsoleLink to={`/compliance/evidence/${LastReportId}`}>{texts.show}</ConsoleLink> : '–',
      text: ({ LastReportId = '' }) => LastReportId,
      width: 130,
    },
    { id: 'where', header: names.where, cell: placeOf, text: placeOf, width: 180 },
    {
      id: 'acts',
      header: names.acts,
      cell: ({ Name }) => (
        <Button variant="inline-link" ariaLabel={`${texts.remove} ${Name}`} onClick={() => onDelete(Name)}>
          {texts.remove}
        </Button>
      ),
      width: 110,
    },
  ]
}
