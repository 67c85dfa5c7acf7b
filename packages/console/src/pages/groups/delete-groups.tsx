import Box from '@cloudscape-design/components/box'
import { useAct } from '#api/queries.ts'
import { deleteGroup } from '#api/resource-groups.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { shellWords } from '#components/shell-words.ts'
import { groups } from '#texts/groups.ts'

const { deleting: texts } = groups

interface DeleteGroupsProps {
  readonly names: readonly string[]
  readonly onClose: () => void
  readonly onDone?: () => void
}

/** Asks, then deletes; what is in the groups stays. */
export function DeleteGroups({ names, onClose, onDone }: DeleteGroupsProps) {
  const act = useAct(['groups'], async () => {
    for (const name of names) await deleteGroup(name)
  })
  return (
    <Confirm
      title={texts.title(names.length)}
      act={groups.delete}
      word={names.length > 1 ? 'delete' : undefined}
      command={names.map((name) => shellWords('aws', 'resource-groups', 'delete-group', '--group', name)).join('\n')}
      onConfirm={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.done(names.length) })
        onDone?.()
      }}
      onClose={onClose}
    >
      <Box>{texts.body}</Box>
      <ul className="st-mono">
        {names.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
    </Confirm>
  )
}
