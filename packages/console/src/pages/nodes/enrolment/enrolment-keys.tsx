import { DeleteActivationCommand } from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { steward as model } from '@steward/model'
import { useState } from 'react'
import { ssm } from '#api/clients/ssm.ts'
import { allPages, useAct, useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { instant, type Wire } from '#api/wire.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import { stewardCall } from '#components/steward-call.ts'
import type { Column } from '#components/table/column.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { useSelection } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { nodes } from '#texts/nodes.ts'
import { stateOf } from '../activations-page.tsx'

const { keys: texts } = nodes.enrolment
const { states } = nodes.activations

type Key = Wire<model.EnrolmentKey>

/** Enrolment keys, with what they demand of machines. */
export function EnrolmentKeys() {
  const read = useRead('activations', ['enrolment-keys'], (signal) =>
    allPages(async (NextToken) => {
      const page = await steward('ListEnrolmentKeys', NextToken === undefined ? {} : { NextToken }, signal)
      return { items: page.EnrolmentKeys, next: page.NextToken }
    }),
  )
  const selection = useSelection(read.data, idOf)
  const [revoking, setRevoking] = useState<readonly Key[]>()
  return (
    <>
      <ListPanel
        name="enrolment-keys"
        prefix="keys-"
        title={texts.title}
        columns={COLUMNS}
        idOf={idOf}
        read={read}
        selection={selection}
        command={stewardCall('ListEnrolmentKeys', {})}
        sortedBy={{ column: 'created', descending: true }}
        actions={
          <Button disabled={selection.selected.length === 0} onClick={() => setRevoking(selection.selected)}>
            {texts.revoke}
          </Button>
        }
        empty={
          <Empty title={texts.empty}>
            {texts.emptyBody}
            <Box variant="code" display="block">
              npx steward node add --reusable --approve
            </Box>
          </Empty>
        }
      />
      {revoking && <RevokeKeys keys={revoking} onClose={() => setRevoking(undefined)} />}
    </>
  )
}

function RevokeKeys({ keys, onClose }: { keys: readonly Key[]; onClose: () => void }) {
  const ids = keys.map(idOf)
  const act = useAct(['activations', 'nodes'], async () => {
    for (const ActivationId of ids) await ssm().send(new DeleteActivationCommand({ ActivationId }))
  })
  return (
    <Confirm
      title={texts.revokeTitle(ids.length)}
      act={texts.revoke}
      command={ids.map((id) => shellWords('npx', 'steward', 'node', 'revoke', id)).join('\n')}
      onClose={onClose}
      onConfirm={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.revoked(ids.length) })
      }}
    >
      {texts.revokeBody}
    </Confirm>
  )
}

function idOf({ ActivationId }: Key): string {
  return ActivationId
}

function descriptionOf({ Description, DefaultInstanceName }: Key): string {
  return Description || DefaultInstanceName || ''
}

/** What a key demands of a machine, in words. */
function machinesOf({ SourceRanges, HostNamePattern, NeedsApproval }: Key): string {
  const demands = [
    SourceRanges.length > 0 && texts.from(SourceRanges.join(', ')),
    HostNamePattern !== undefined && texts.named(HostNamePattern),
    NeedsApproval && texts.approved,
  ].filter((demand) => demand !== false)
  return demands.join('; ') || texts.everywhere
}

const COLUMNS: readonly Column<Key>[] = [
  {
    id: 'id',
    header: texts.columns.id,
    cell: ({ ActivationId }) => (
      <ConsoleLink to={`/nodes?${new URLSearchParams({ f: `ActivationId~=~${ActivationId}` })}`}>
        {ActivationId}
      </ConsoleLink>
    ),
    text: idOf,
    rowHeader: true,
    width: 340,
  },
  {
    id: 'description',
    header: texts.columns.description,
    cell: (key) => descriptionOf(key) || '–',
    text: descriptionOf,
    width: 200,
  },
  {
    id: 'status',
    header: texts.columns.status,
    cell: (key) => (
      <StatusIndicator type={stateOf(key) === 'open' ? 'success' : 'stopped'}>{states[stateOf(key)]}</StatusIndicator>
    ),
    text: (key) => states[stateOf(key)],
    width: 120,
  },
  {
    id: 'machines',
    header: texts.columns.machines,
    cell: machinesOf,
    text: machinesOf,
    width: 260,
  },
  {
    id: 'used',
    header: texts.columns.used,
    cell: ({ RegistrationsCount, RegistrationLimit }) =>
      `${RegistrationsCount.toLocaleString('en')} of ${RegistrationLimit.toLocaleString('en')}`,
    text: ({ RegistrationsCount }) => String(RegistrationsCount),
    sort: ({ RegistrationsCount }) => RegistrationsCount,
    number: true,
    width: 160,
  },
  {
    id: 'expires',
    header: texts.columns.expires,
    cell: ({ ExpirationDate }) =>
      ExpirationDate === undefined ? texts.never : <Time at={instant(ExpirationDate)} only="relative" />,
    text: ({ ExpirationDate }) => instant(ExpirationDate)?.toISOString() ?? '',
    width: 140,
  },
  {
    id: 'created',
    header: texts.columns.created,
    cell: ({ CreatedDate }) => <Time at={instant(CreatedDate)} only="relative" />,
    text: ({ CreatedDate }) => instant(CreatedDate)!.toISOString(),
    width: 140,
  },
  {
    id: 'role',
    header: texts.columns.role,
    cell: ({ IamRole }) => IamRole,
    text: ({ IamRole }) => IamRole,
    hidden: true,
  },
]
