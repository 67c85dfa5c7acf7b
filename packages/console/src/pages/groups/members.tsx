import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Textarea from '@cloudscape-design/components/textarea'
import type { FailedResource } from '@steward/model/generated/resource-groups.ts'
import { useState } from 'react'
import { chunksOf } from '#api/chunks.ts'
import { Failure } from '#api/failure.ts'
import { useAct } from '#api/queries.ts'
import { groupResources, ungroupResources } from '#api/resource-groups.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { Empty } from '#components/empty.tsx'
import { FormDialog } from '#components/form-dialog.tsx'
import { shellWords } from '#components/shell-words.ts'
import { ResourceTable, useSelection } from '#components/table/resource-table.tsx'
import { groups } from '#texts/groups.ts'
import type { GroupDetails } from './group-draft.ts'
import { arnOf, useMemberColumns } from './member-columns.tsx'
import { useMembers } from './read-groups.ts'

const { members: texts } = groups
/** As many as one call puts in or takes out. */
const AT_ONCE = 10

/** What is in a group; of one without a query, to be put in and taken out. */
export function Members({ group: { name, query } }: { group: GroupDetails }) {
  const read = useMembers(name)
  const columns = useMemberColumns(read.data)
  const selection = useSelection(read.data, arnOf)
  const [asking, setAsking] = useState<'add' | 'remove'>()
  const chosen = selection.selected.map(arnOf)
  const close = () => setAsking(undefined)
  return (
    <>
      <ResourceTable
        name="group-members"
        prefix="m-"
        variant="container"
        title={texts.title}
        columns={columns}
        idOf={arnOf}
        items={read.data}
        error={read.error}
        retry={() => void read.refetch()}
        reading={read.isFetching}
        command={shellWords('aws', 'resource-groups', 'list-group-resources', '--group', name)}
        {...(!query && {
          selection,
          actions: (
            <>
              <Button disabled={chosen.length === 0} onClick={() => setAsking('remove')}>
                {texts.remove}
              </Button>
              <Button onClick={() => setAsking('add')}>{texts.add}</Button>
            </>
          ),
        })}
        empty={<Empty title={texts.empty}>{query ? texts.emptyQuery : texts.emptyListed}</Empty>}
      />
      {asking === 'add' && <AddMembers group={name} onClose={close} />}
      {asking === 'remove' && <RemoveMembers group={name} arns={chosen} onClose={close} />}
    </>
  )
}

function AddMembers({ group, onClose }: { group: string; onClose: () => void }) {
  const [text, setText] = useState('')
  const arns = [...new Set(text.split(/\s+/).filter((line) => line !== ''))]
  const act = useAct(['groups'], async () => mustSucceed(await groupResources(group, arns)))
  return (
    <FormDialog
      title={texts.add}
      act={texts.add}
      disabled={arns.length === 0 || arns.length > AT_ONCE}
      command={shellWords('aws', 'resource-groups', 'group-resources', '--group', group, '--resource-arns', ...arns)}
      onSubmit={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.added(arns.length) })
      }}
      onClose={onClose}
    >
      <FormField
        label={texts.arns}
        description={texts.addHint}
        errorText={arns.length > AT_ONCE ? texts.addNone : undefined}
      >
        <Textarea value={text} rows={6} spellcheck={false} autoFocus onChange={({ detail }) => setText(detail.value)} />
      </FormField>
    </FormDialog>
  )
}

interface RemoveMembersProps {
  readonly group: string
  readonly arns: readonly string[]
  readonly onClose: () => void
}

function RemoveMembers({ group, arns, onClose }: RemoveMembersProps) {
  const act = useAct(['groups'], async () => {
    for (const some of chunksOf(arns, AT_ONCE)) mustSucceed(await ungroupResources(group, some))
  })
  return (
    <Confirm
      title={texts.removeTitle(arns.length)}
      act={texts.remove}
      command={chunksOf(arns, AT_ONCE)
        .map((some) =>
          shellWords('aws', 'resource-groups', 'ungroup-resources', '--group', group, '--resource-arns', ...some),
        )
        .join('\n')}
      onConfirm={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.removed(arns.length) })
      }}
      onClose={onClose}
    >
      {texts.removeBody}
      <ul className="st-mono">
        {arns.map((arn) => (
          <li key={arn}>{arn}</li>
        ))}
      </ul>
    </Confirm>
  )
}

/** The call succeeds also when nothing was done. */
function mustSucceed({ Failed = [] }: { Failed?: readonly FailedResource[] | undefined }): void {
  const [first] = Failed
  if (!first) return
  const { ErrorCode = '', ErrorMessage = '', ResourceArn = '' } = first
  throw new Failure({ code: ErrorCode, message: texts.refused(ResourceArn, ErrorMessage) })
}
