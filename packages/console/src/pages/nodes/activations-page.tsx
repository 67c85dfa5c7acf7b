import { type Activation, DeleteActivationCommand, DescribeActivationsCommand } from '@aws-sdk/client-ssm'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useState } from 'react'
import { ssm } from '#api/clients/ssm.ts'
import { allPages, useAct, useRead } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { ButtonLink } from '#components/button-link.tsx'
import { Confirm } from '#components/confirm.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable, useSelection } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { nodes } from '#texts/nodes.ts'

const { activations: texts } = nodes
const PAGE = 50

/** What lets machines register. */
export function ActivationsPage() {
  const read = useRead('activations', ['all'], () =>
    allPages(async (NextToken) => {
      const page = await ssm().send(new DescribeActivationsCommand({ MaxResults: PAGE, NextToken }))
      return { items: page.ActivationList ?? [], next: page.NextToken }
    }),
  )
  const selection = useSelection(read.data, idOf)
  const [deleting, setDeleting] = useState<readonly Activation[]>()
  return (
    <PageFrame title={texts.title} above={[{ text: nodes.title, to: '/nodes' }]} contentType="table" titleInContent>
      <ResourceTable
        name="activations"
        title={texts.title}
        description={texts.description}
        columns={COLUMNS}
        idOf={idOf}
        items={read.data}
        error={read.error}
        retry={() => void read.refetch()}
        reading={read.isFetching}
        selection={selection}
        command="aws ssm describe-activations"
        sortedBy={{ column: 'created', descending: true }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={selection.selected.length === 0} onClick={() => setDeleting(selection.selected)}>
              {texts.remove}
            </Button>
            <ButtonLink to="/nodes/enrolment">{nodes.enrolment.link}</ButtonLink>
            <ButtonLink to="/nodes/add" variant="primary">
              {nodes.add}
            </ButtonLink>
          </SpaceBetween>
        }
        empty={
          <Empty title={texts.empty} action={<ButtonLink to="/nodes/add">{nodes.add}</ButtonLink>}>
            {texts.emptyBody}
          </Empty>
        }
      />
      {deleting && <DeleteActivations activations={deleting} onClose={() => setDeleting(undefined)} />}
    </PageFrame>
  )
}

function DeleteActivations({ activations, onClose }: { activations: readonly Activation[]; onClose: () => void }) {
  const ids = activations.map(idOf)
  const act = useAct(['activations', 'nodes'], async () => {
    for (const ActivationId of ids) await ssm().send(new DeleteActivationCommand({ ActivationId }))
  })
  return (
    <Confirm
      title={texts.removeTitle(ids.length)}
      act={texts.remove}
      command={ids.map((id) => shellWords('aws', 'ssm', 'delete-activation', '--activation-id', id)).join('\n')}
      onClose={onClose}
      onConfirm={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.removed(ids.length) })
      }}
    >
      {texts.removeBody}
    </Confirm>
  )
}

function idOf({ ActivationId = '' }: Activation): string {
  return ActivationId
}

type State = keyof typeof texts.states

/** Also of an enrolment key, which is an activation too. */
export function stateOf({
  Expired,
  RegistrationsCount = 0,
  RegistrationLimit = 0,
}: Pick<Activation, 'Expired' | 'RegistrationsCount' | 'RegistrationLimit'>): State {
  if (RegistrationsCount >= RegistrationLimit) return 'used'
  return Expired ? 'expired' : 'open'
}

const COLUMNS: readonly Column<Activation>[] = [
  {
    id: 'id',
    header: texts.columns.id,
    cell: ({ ActivationId = '' }) => (
      <ConsoleLink to={`/nodes?${new URLSearchParams({ f: `ActivationId~=~${ActivationId}` })}`}>
        {ActivationId}
      </ConsoleLink>
    ),
    text: idOf,
    rowHeader: true,
    width: 320,
  },
  {
    id: 'description',
    header: texts.columns.description,
    cell: ({ Description, DefaultInstanceName }) => Description || DefaultInstanceName || '–',
    text: ({ Description, DefaultInstanceName }) => Description || DefaultInstanceName || '',
    width: 220,
  },
  {
    id: 'status',
    header: texts.columns.status,
    cell: (one) => (
      <StatusIndicator type={stateOf(one) === 'open' ? 'success' : 'stopped'}>
        {texts.states[stateOf(one)]}
      </StatusIndicator>
    ),
    text: (one) => texts.states[stateOf(one)],
    choices: true,
    width: 120,
  },
  {
    id: 'used',
    header: texts.columns.used,
    cell: ({ RegistrationsCount = 0, RegistrationLimit = 0 }) =>
      `${RegistrationsCount.toLocaleString('en')} of ${RegistrationLimit.toLocaleString('en')}`,
    text: ({ RegistrationsCount = 0 }) => String(RegistrationsCount),
    sort: ({ RegistrationsCount = 0 }) => RegistrationsCount,
    number: true,
    width: 160,
  },
  {
    id: 'expires',
    header: texts.columns.expires,
    cell: ({ ExpirationDate }) => <Time at={ExpirationDate} />,
    text: ({ ExpirationDate }) => ExpirationDate?.toISOString() ?? '',
    width: 300,
  },
  {
    id: 'created',
    header: texts.columns.created,
    cell: ({ CreatedDate }) => <Time at={CreatedDate} only="relative" />,
    text: ({ CreatedDate }) => CreatedDate?.toISOString() ?? '',
    width: 140,
  },
  {
    id: 'role',
    header: texts.columns.role,
    cell: ({ IamRole }) => IamRole,
    text: ({ IamRole = '' }) => IamRole,
    hidden: true,
  },
]
