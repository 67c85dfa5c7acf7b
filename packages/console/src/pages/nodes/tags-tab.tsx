import {
  AddTagsToResourceCommand,
  ListTagsForResourceCommand,
  RemoveTagsFromResourceCommand,
} from '@aws-sdk/client-ssm'
import { ssm } from '#api/clients/ssm.ts'
import { useAct, useRead } from '#api/queries.ts'
import { shellWords } from '#components/shell-words.ts'
import { type TagChange, TagsPanel } from '#components/tags-panel.tsx'

export function TagsTab({ node }: { node: string }) {
  const resource = { ResourceType: 'ManagedInstance', ResourceId: node } as const
  const read = useRead('nodes', ['tags', node], async () => {
    const { TagList = [] } = await ssm().send(new ListTagsForResourceCommand(resource))
    return TagList.map(({ Key = '', Value = '' }) => ({ key: Key, value: Value }))
  })
  const save = useAct(['nodes'], async ({ put, removed }: TagChange) => {
    const Tags = put.map(({ key, value }) => ({ Key: key, Value: value }))
    if (Tags.length > 0) await ssm().send(new AddTagsToResourceCommand({ ...resource, Tags }))
    if (removed.length > 0) await ssm().send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys: [...removed] }))
  })
  return <TagsPanel of={node} read={read} onSave={save.mutateAsync} command={(change) => commandFor(node, change)} />
}

function commandFor(node: string, { put, removed }: TagChange): string {
  const aws = (operation: string, ...more: readonly string[]) =>
    shellWords('aws', 'ssm', operation, '--resource-type', 'ManagedInstance', '--resource-id', node, ...more)
  return [
    put.length > 0 &&
      aws('add-tags-to-resource', '--tags', ...put.map(({ key, value }) => `Key=${key},Value=${value}`)),
    removed.length > 0 && aws('remove-tags-from-resource', '--tag-keys', ...removed),
  ]
    .filter(Boolean)
    .join('\n')
}
