import { useAct, useRead } from '#api/queries.ts'
import { tagging } from '#api/tagging.ts'
import { shellWords } from '#components/shell-words.ts'
import { type TagChange, TagsPanel } from '#components/tags-panel.tsx'
import { changeTags, tagCommand } from '#pages/tags/change-tags.ts'
import type { GroupDetails } from './group-draft.ts'

/** The tags of the group itself. */
export function GroupTags({ group: { name, arn } }: { group: GroupDetails }) {
  const read = useRead(
    'groups',
    ['tags', arn],
    async (signal) => {
      const { ResourceTagMappingList = [] } = await tagging('GetResources', { ResourceARNList: [arn] }, signal)
      return (ResourceTagMappingList[0]?.Tags ?? []).map(({ Key, Value }) => ({ key: Key, value: Value }))
    },
    { keepLast: false },
  )
  const save = useAct(['groups'], (change: TagChange) => changeTags([arn], change))
  return (
    <TagsPanel
      of={name}
      read={read}
      onSave={save.mutateAsync}
      listCommand={shellWords('aws', 'resource-groups', 'get-tags', '--arn', arn)}
      command={(change) => tagCommand([arn], change)}
    />
  )
}
