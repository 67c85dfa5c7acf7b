import { AddTagsToResourceCommand, type ParameterMetadata, RemoveTagsFromResourceCommand } from '@aws-sdk/client-ssm'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { PageTabs } from '#components/page-tabs.tsx'
import { shellWords } from '#components/shell-words.ts'
import { type TagChange, TagsPanel } from '#components/tags-panel.tsx'
import { parameters as texts } from '#texts/parameters.ts'
import { HistoryTab } from './history-tab.tsx'
import { PoliciesPanel } from './policies-panel.tsx'
import { useTags } from './read-parameter.ts'
import { ReadersTab } from './readers-tab.tsx'
import { ReferencesTab } from './references-tab.tsx'
import { SharingTab } from './sharing-tab.tsx'

export function ShowTabs({ parameter }: { parameter: ParameterMetadata }) {
  const { Name = '', Policies = [] } = parameter
  return (
    <PageTabs
      label={Name}
      tabs={[
        { id: 'history', label: texts.history.title, content: <HistoryTab parameter={parameter} /> },
        { id: 'readers', label: texts.readers.title, content: <ReadersTab parameter={parameter} /> },
        { id: 'references', label: texts.references.title, content: <ReferencesTab name={Name} /> },
        { id: 'sharing', label: texts.sharing.title, content: <SharingTab parameter={parameter} /> },
        { id: 'policies', label: texts.policies.title, content: <PoliciesPanel name={Name} policies={Policies} /> },
        { id: 'tags', label: texts.tags, content: <Tags name={Name} /> },
      ]}
    />
  )
}

const RESOURCE = { ResourceType: 'Parameter' } as const

function Tags({ name }: { name: string }) {
  const read = useTags(name)
  const act = useAct(['parameters'], async ({ put, removed }: TagChange) => {
    const resource = { ...RESOURCE, ResourceId: name }
    const Tags = put.map(({ key, value }) => ({ Key: key, Value: value }))
    if (Tags.length > 0) await ssm().send(new AddTagsToResourceCommand({ ...resource, Tags }))
    if (removed.length > 0) await ssm().send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys: [...removed] }))
  })
  return <TagsPanel of={name} read={read} onSave={act.mutateAsync} command={(change) => tagCommand(name, change)} />
}

function tagCommand(name: string, { put, removed }: TagChange): string {
  const call = (operation: string, option: string, words: readonly string[]) =>
    words.length === 0
      ? []
      : [shellWords('aws', 'ssm', operation, '--resource-type', 'Parameter', '--resource-id', name, option, ...words)]
  const pairs = put.map(({ key, value }) => `Key=${key},Value=${value}`)
  return [
    ...call('add-tags-to-resource', '--tags', pairs),
    ...call('remove-tags-from-resource', '--tag-keys', removed),
  ].join('\n')
}
