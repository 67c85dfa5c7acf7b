import {
  AddTagsToResourceCommand,
  ListTagsForResourceCommand,
  RemoveTagsFromResourceCommand,
  type ResourceTypeForTagging,
} from '@aws-sdk/client-ssm'
import { ssm } from '#api/clients/ssm.ts'
import { type Kind, useAct, useRead } from '#api/queries.ts'
import { shellWords } from './shell-words.ts'
import { type TagChange, TagsPanel } from './tags-panel.tsx'

interface Resource {
  /** What the event stream calls such things. */
  readonly kind: Kind
  readonly type: ResourceTypeForTagging
  readonly id: string
}

export function useSsmTags({ kind, type, id }: Resource) {
  const resource = { ResourceType: type, ResourceId: id }
  return useRead(
    kind,
    ['tags', id],
    async (abortSignal) => {
      const { TagList = [] } = await ssm().send(new ListTagsForResourceCommand(resource), { abortSignal })
      return TagList.map(({ Key = '', Value = '' }) => ({ key: Key, value: Value }))
    },
    { keepLast: false },
  )
}

/** The tags of something that Systems Manager keeps tags of. */
export function SsmTags({ kind, type, id }: Resource) {
  const resource = { ResourceType: type, ResourceId: id }
  const read = useSsmTags({ kind, type, id })
  const save = useAct([kind], async ({ put, removed }: TagChange) => {
    const Tags = put.map(({ key, value }) => ({ Key: key, Value: value }))
    if (removed.length > 0) await ssm().send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys: [...removed] }))
    if (put.length > 0) await ssm().send(new AddTagsToResourceCommand({ ...resource, Tags }))
  })
  const command = (operation: string, ...more: readonly string[]) =>
    shellWords('aws', 'ssm', operation, '--resource-type', type, '--resource-id', id, ...more)
  return (
    <TagsPanel
      of={id}
      read={read}
      onSave={save.mutateAsync}
      listCommand={command('list-tags-for-resource')}
      command={({ put, removed }) =>
        [
          removed.length > 0 && command('remove-tags-from-resource', '--tag-keys', ...removed),
          put.length > 0 &&
            command('add-tags-to-resource', '--tags', ...put.map(({ key, value }) => `Key=${key},Value=${value}`)),
        ]
          .filter(Boolean)
          .join('\n')
      }
    />
  )
}
