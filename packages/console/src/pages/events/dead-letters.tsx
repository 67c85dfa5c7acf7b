import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { DeadLetter } from '@steward/model/generated/steward.ts'
import { useState } from 'react'
import { allPages, useAct, useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { instant, type Wire } from '#api/wire.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { Empty } from '#components/empty.tsx'
import { Failed } from '#components/failed.tsx'
import { stewardCall } from '#components/steward-call.ts'
import type { Column } from '#components/table/column.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { useSelection } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { events } from '#texts/events.ts'
import { targetName } from './words.ts'

type Letter = Wire<DeadLetter>

const { columns: names, empty } = events
const AT_ONCE = 100

/** Deliveries that were given up: to be tried again, or forgotten. */
export function DeadLetters() {
  const read = useRead('deliveries', ['dead'], (signal) =>
    allPages(async (NextToken) => {
      const page = await steward('ListDeadLetters', { MaxResults: AT_ONCE, NextToken }, signal)
      return { items: page.DeadLetters ?? [], next: page.NextToken }
    }),
  )
  const selection = useSelection(read.data, idOf)
  const ids = selection.selected.map(idOf)
  const redrive = useAct(['deliveries'], (chosen: readonly string[]) =>
    inParts(chosen, async (DeadLetterIds) => (await steward('RedriveDeadLetters', { DeadLetterIds })).Redriven),
  )
  const forget = useAct(['deliveries'], (chosen: readonly string[]) =>
    inParts(chosen, async (DeadLetterIds) => (await steward('DeleteDeadLetters', { DeadLetterIds })).Deleted),
  )
  const [asking, setAsking] = useState(false)
  return (
    <SpaceBetween size="m">
      {redrive.error && <Failed error={redrive.error} />}
      <ListPanel
        name="dead-letters"
        title={events.tabs.dead}
        columns={COLUMNS}
        idOf={idOf}
        read={read}
        searchable
        selection={selection}
        command="npx steward events dead"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={ids.length === 0} onClick={() => setAsking(true)}>
              {events.actions.forget}
            </Button>
            <Button
              variant="primary"
              disabled={ids.length === 0}
              loading={redrive.isPending}
              onClick={() =>
                redrive.mutate(ids, {
                  onSuccess: (count) => notify({ type: 'success', header: events.done.redriven(count) }),
                })
              }
            >
              {events.actions.redrive}
            </Button>
          </SpaceBetween>
        }
        empty={<Empty title={empty.dead}>{empty.deadBody}</Empty>}
      />
      {asking && (
        <Confirm
          title={events.confirm.forget(ids.length)}
          act={events.actions.forget}
          command={stewardCall('DeleteDeadLetters', { DeadLetterIds: ids })}
          onConfirm={async () => {
            notify({ type: 'success', header: events.done.forgotten(await forget.mutateAsync(ids)) })
          }}
          onClose={() => setAsking(false)}
        >
          {events.confirm.forgetBody}
        </Confirm>
      )}
    </SpaceBetween>
  )
}

function idOf({ DeadLetterId = '' }: Letter): string {
  return DeadLetterId
}

/** Answers how many it was done to. */
async function inParts(ids: readonly string[], act: (some: string[]) => Promise<number | undefined>): Promise<number> {
  let count = 0
  for (let at = 0; at < ids.length; at += AT_ONCE) count += (await act(ids.slice(at, at + AT_ONCE))) ?? 0
  return count
}

const COLUMNS: readonly Column<Letter>[] = [
  {
    id: 'died',
    header: names.died,
    cell: ({ DiedDate }) => <Time at={instant(DiedDate)} />,
    text: ({ DiedDate }) => instant(DiedDate)?.toISOString() ?? '',
    width: 310,
    rowHeader: true,
  },
  {
    id: 'from',
    header: names.from,
    cell: ({ SourceArn = '' }) => <span title={SourceArn}>{lastPart(SourceArn)}</span>,
    text: ({ SourceArn = '' }) => lastPart(SourceArn),
    choices: true,
    width: 160,
  },
  {
    id: 'to',
    header: names.to,
    cell: ({ TargetArn = '' }) => <span title={TargetArn}>{targetName(TargetArn)}</span>,
    text: ({ TargetArn = '' }) => targetName(TargetArn),
    choices: true,
    width: 160,
  },
  {
    id: 'error',
    header: names.error,
    cell: ({ ErrorCode, ErrorMessage }) => <span title={ErrorCode}>{ErrorMessage}</span>,
    text: ({ ErrorCode, ErrorMessage }) => [ErrorCode, ErrorMessage].filter(Boolean).join(': '),
    width: 320,
  },
  {
    id: 'attempts',
    header: names.attempts,
    cell: ({ Attempts = 0 }) => Attempts,
    text: ({ Attempts = 0 }) => String(Attempts),
    sort: ({ Attempts = 0 }) => Attempts,
    number: true,
    width: 110,
  },
  {
    id: 'event',
    header: names.event,
    cell: ({ EventId = '' }) => EventId,
    text: ({ EventId = '' }) => EventId,
    hidden: true,
  },
]

function lastPart(arn: string): string {
  return arn.split(/[/:]/).at(-1) ?? arn
}
