import type { AttachedPolicy } from '@aws-sdk/client-iam'
import Button from '@cloudscape-design/components/button'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useAct, useRead } from '#api/queries.ts'
import { Confirm } from '#components/confirm.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { access } from '#texts/access.ts'
import { AttachDialog } from './attach-dialog.tsx'
import { BoundaryDialog, type Bounded } from './boundary-dialog.tsx'
import { attachedPolicies, deleteInlinePolicy, detach, type Holder, inlinePolicyNames } from './holder.ts'
import { policyPath } from './policy-links.ts'
import { isAwsManaged } from './reads.ts'

const texts = access.permissions

interface Permission {
  readonly name: string
  /** Undefined: it stands in the holder itself. */
  readonly arn: string | undefined
}

/** What a user, group or role may do by policies of its own; attaches, detaches and writes them. */
export function PoliciesPanel({ holder }: { holder: Holder }) {
  const [, navigate] = useLocation()
  const [attaching, setAttaching] = useState(false)
  const [bounding, setBounding] = useState(false)
  const [removing, setRemoving] = useState<Permission>()
  const read = usePermissions(holder)
  const remove = useAct(['iam'], ({ name, arn }: Permission) =>
    arn === undefined ? deleteInlinePolicy(holder, name) : detach(holder, arn),
  )
  const bounded = holder.kind === 'group' ? undefined : (holder as Bounded)
  const edit = (name?: string) => navigate(editInlinePath(holder, name))
  const columns: Column<Permission>[] = [
    {
      id: 'name',
      header: texts.name,
      rowHeader: true,
      text: ({ name }) => name,
      cell: ({ name, arn }) => (
        <ConsoleLink to={arn ? policyPath(arn) : editInlinePath(holder, name)}>{name}</ConsoleLink>
      ),
      width: 360,
    },
    { id: 'type', header: texts.type, text: typeOf, cell: typeOf, choices: true },
    {
      id: 'acts',
      header: access.acts,
      cell: (permission) => (
        <Button
          variant="inline-link"
          ariaLabel={`${permission.arn ? texts.detach : access.delete} ${permission.name}`}
          onClick={() => setRemoving(permission)}
        >
          {permission.arn ? texts.detach : access.delete}
        </Button>
      ),
    },
  ]
  return (
    <>
      <ListPanel
        name={`${holder.kind}-permissions`}
        prefix="permissions-"
        title={texts.title}
        columns={columns}
        idOf={({ name, arn }) => arn ?? name}
        read={read}
        searchable={(read.data?.length ?? 0) > 10}
        command={`${listCommand(holder, 'list-attached')}\n${listCommand(holder, 'list')}`}
        empty={<Empty title={texts.empty}>{texts.emptyHint(holder.kind)}</Empty>}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button onClick={() => setAttaching(true)}>{texts.attach}</Button>
            <ButtonDropdown
              items={[
                { id: 'inline', text: texts.createInline },
                ...(bounded ? [{ id: 'boundary', text: access.setBoundary.act }] : []),
              ]}
              onItemClick={({ detail }) => (detail.id === 'inline' ? edit() : setBounding(true))}
              ariaLabel={texts.more}
            >
              {texts.more}
            </ButtonDropdown>
          </SpaceBetween>
        }
      />
      {bounding && bounded && <BoundaryDialog holder={bounded} onClose={() => setBounding(false)} />}
      {attaching && (
        <AttachDialog
          holder={holder}
          attached={read.data?.flatMap(({ arn }) => arn ?? []) ?? []}
          onClose={() => setAttaching(false)}
        />
      )}
      {removing && (
        <Confirm
          title={removing.arn ? texts.detachTitle(removing.name) : texts.deleteTitle(removing.name)}
          act={removing.arn ? texts.detach : access.delete}
          command={removeCommand(holder, removing)}
          onConfirm={async () => {
            await remove.mutateAsync(removing)
          }}
          onClose={() => setRemoving(undefined)}
        >
          {removing.arn ? texts.detachHint(holder.name) : texts.deleteHint(holder.name)}
        </Confirm>
      )}
    </>
  )
}

/** Both kinds, under one key. */
export function usePermissions(holder: Holder) {
  return useRead<Permission[]>('iam', ['permissions', holder.kind, holder.name], async () => {
    const [attached, inline] = await Promise.all([attachedPolicies(holder), inlinePolicyNames(holder)])
    return [...attached.map(toPermission), ...inline.map((name) => ({ name, arn: undefined }))]
  })
}

function toPermission({ PolicyName, PolicyArn }: AttachedPolicy): Permission {
  return { name: PolicyName!, arn: PolicyArn! }
}

function typeOf({ arn }: Permission): string {
  if (arn === undefined) return texts.inline
  return isAwsManaged(arn) ? texts.awsManaged : texts.customerManaged
}

function editInlinePath({ kind, name }: Holder, policy?: string): string {
  const query = new URLSearchParams({ [kind]: name, ...(policy !== undefined && { policy }) })
  return `/access/edit-policy?${query}`
}

function listCommand({ kind, name }: Holder, verb: 'list' | 'list-attached'): string {
  return shellWords('aws', 'iam', `${verb}-${kind}-policies`, `--${kind}-name`, name)
}

function removeCommand({ kind, name }: Holder, { name: policy, arn }: Permission): string {
  return arn === undefined
    ? shellWords('aws', 'iam', `delete-${kind}-policy`, `--${kind}-name`, name, '--policy-name', policy)
    : shellWords('aws', 'iam', `detach-${kind}-policy`, `--${kind}-name`, name, '--policy-arn', arn)
}
