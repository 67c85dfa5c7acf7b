import {
  type ApiDestination,
  DeleteApiDestinationCommand,
  ListApiDestinationsCommand,
} from '@aws-sdk/client-eventbridge'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { events as client } from '#api/clients/events.ts'
import { allPages, useAct, useRead } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { useSelection } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { events } from '#texts/events.ts'
import { WebhookForm } from './webhook-form.tsx'

const { columns: names, empty } = events

export function useDestinations(enabled = true) {
  return useRead(
    'rules',
    ['destinations'],
    (signal) =>
      allPages(async (NextToken) => {
        const page = await client().send(new ListApiDestinationsCommand({ NextToken }), { abortSignal: signal })
        return { items: page.ApiDestinations ?? [], next: page.NextToken }
      }),
    { enabled },
  )
}

/** API destinations: addresses that rules may post to. */
export function Destinations() {
  const read = useDestinations()
  const selection = { ...useSelection(read.data, nameOf), type: 'single' as const }
  const [chosen] = selection.selected
  const [making, setMaking] = useState(false)
  const [deleting, setDeleting] = useState(false)
  const remove = useAct(['rules'], (Name: string) => client().send(new DeleteApiDestinationCommand({ Name })))
  const create = <Button onClick={() => setMaking(true)}>{events.form.newWebhook}</Button>
  return (
    <>
      <ListPanel
        name="webhooks"
        title={events.tabs.destinations}
        columns={COLUMNS}
        idOf={nameOf}
        read={read}
        searchable
        selection={selection}
        command="aws events list-api-destinations"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={!chosen} onClick={() => setDeleting(true)}>
              {events.actions.remove}
            </Button>
            {create}
          </SpaceBetween>
        }
        empty={
          <Empty title={empty.destinations} action={create}>
            {empty.destinationsBody}
          </Empty>
        }
      />
      {making && <WebhookForm onClose={() => setMaking(false)} />}
      {deleting && chosen && (
        <Confirm
          title={events.confirm.webhook(nameOf(chosen))}
          act={events.actions.remove}
          command={shellWords('aws', 'events', 'delete-api-destination', '--name', nameOf(chosen))}
          onConfirm={async () => {
            await remove.mutateAsync(nameOf(chosen))
            notify({ type: 'success', header: events.done.webhookGone(nameOf(chosen)) })
          }}
          onClose={() => setDeleting(false)}
        >
          {events.confirm.webhookBody}
        </Confirm>
      )}
    </>
  )
}

function nameOf({ Name = '' }: ApiDestination): string {
  return Name
}

const COLUMNS: readonly Column<ApiDestination>[] = [
  { id: 'name', header: names.name, cell: nameOf, text: nameOf, rowHeader: true, width: 180 },
  {
    id: 'endpoint',
    header: names.endpoint,
    cell: ({ InvocationEndpoint = '' }) => InvocationEndpoint,
    text: ({ InvocationEndpoint = '' }) => InvocationEndpoint,
    width: 340,
  },
  {
    id: 'method',
    header: names.method,
    cell: ({ HttpMethod = '' }) => HttpMethod,
    text: ({ HttpMethod = '' }) => HttpMethod,
    choices: true,
    width: 100,
  },
  {
    id: 'connection',
    header: names.connection,
    cell: connectionOf,
    text: connectionOf,
    width: 160,
  },
  {
    id: 'rate',
    header: names.rate,
    cell: ({ InvocationRateLimitPerSecond: rate }) => rate,
    text: ({ InvocationRateLimitPerSecond: rate }) => String(rate ?? ''),
    sort: ({ InvocationRateLimitPerSecond: rate = 0 }) => rate,
    number: true,
    hidden: true,
  },
  {
    id: 'created',
    header: names.created,
    cell: ({ CreationTime }) => <Time at={CreationTime} />,
    text: ({ CreationTime }) => CreationTime?.toISOString() ?? '',
    width: 310,
  },
]

function connectionOf({ ConnectionArn = '' }: ApiDestination): string {
  return ConnectionArn.split('/')[1] ?? ''
}
