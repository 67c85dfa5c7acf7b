import { AddTagsToResourceCommand, RemoveTagsFromResourceCommand } from '@aws-sdk/client-ssm'
import AttributeEditor from '@cloudscape-design/components/attribute-editor'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Multiselect from '@cloudscape-design/components/multiselect'
import { useState } from 'react'
import { ssm } from '#api/clients/ssm.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { shellWords } from '#components/shell-words.ts'
import { nodes } from '#texts/nodes.ts'
import type { FleetNode } from './nodes-query.ts'

const { tagging: texts } = nodes

interface NewTag {
  readonly Key: string
  readonly Value: string
}

const TAGS_AT_ONCE = 10

/** Gives the same tags to some nodes. */
export function AddTags({ to, onClose }: { to: readonly FleetNode[]; onClose: () => void }) {
  const [tags, setTags] = useState<readonly NewTag[]>([{ Key: '', Value: '' }])
  const given = tags.filter(({ Key }) => Key.trim() !== '')
  const add = useAct(['nodes'], async (Tags: readonly NewTag[]) => {
    for (const { InstanceId } of to) {
      const resource = { ResourceType: 'ManagedInstance', ResourceId: InstanceId } as const
      await ssm().send(new AddTagsToResourceCommand({ ...resource, Tags: [...Tags] }))
    }
  })
  const change = (index: number, part: Partial<NewTag>) =>
    setTags(tags.map((tag, at) => (at === index ? { ...tag, ...part } : tag)))
  return (
    <Confirm
      title={texts.title(to.length)}
      act={texts.save}
      disabled={given.length === 0}
      command={eachOf(
        to,
        'add-tags-to-resource',
        '--tags',
        ...given.map(({ Key, Value }) => `Key=${Key},Value=${Value}`),
      )}
      onClose={onClose}
      onConfirm={async () => {
        await add.mutateAsync(given)
        notify({ type: 'success', header: texts.done(to.length) })
      }}
    >
      <div>{texts.keep}</div>
      <AttributeEditor
        items={[...tags]}
        addButtonText={texts.another}
        removeButtonText={texts.remove}
        disableAddButton={tags.length >= TAGS_AT_ONCE}
        onAddButtonClick={() => setTags([...tags, { Key: '', Value: '' }])}
        onRemoveButtonClick={({ detail }) => setTags(tags.filter((_, at) => at !== detail.itemIndex))}
        definition={[
          {
            label: texts.key,
            control: ({ Key }, index) => (
              <Input
                value={Key}
                autoFocus={index === 0}
                ariaLabel={texts.key}
                onChange={({ detail }) => change(index, { Key: detail.value })}
              />
            ),
          },
          {
            label: texts.value,
            control: ({ Value }, index) => (
              <Input
                value={Value}
                ariaLabel={texts.value}
                onChange={({ detail }) => change(index, { Value: detail.value })}
              />
            ),
          },
        ]}
      />
    </Confirm>
  )
}

/** Takes tags off some nodes. */
export function RemoveTags({ from, onClose }: { from: readonly FleetNode[]; onClose: () => void }) {
  const [keys, setKeys] = useState<readonly string[]>([])
  const known = [...new Set(from.flatMap(({ Tags = [] }) => Tags.flatMap(({ Key }) => Key ?? [])))].sort()
  const options = known.map((key) => ({ value: key, label: key }))
  const remove = useAct(['nodes'], async (TagKeys: readonly string[]) => {
    for (const { InstanceId } of from) {
      const resource = { ResourceType: 'ManagedInstance', ResourceId: InstanceId } as const
      await ssm().send(new RemoveTagsFromResourceCommand({ ...resource, TagKeys: [...TagKeys] }))
    }
  })
  return (
    <Confirm
      title={texts.untitle(from.length)}
      act={texts.remove}
      disabled={keys.length === 0}
      command={eachOf(from, 'remove-tags-from-resource', '--tag-keys', ...keys)}
      onClose={onClose}
      onConfirm={async () => {
        await remove.mutateAsync(keys)
        notify({ type: 'success', header: texts.undone(from.length) })
      }}
    >
      <FormField label={texts.pick}>
        <Multiselect
          options={options}
          selectedOptions={options.filter(({ value }) => keys.includes(value))}
          onChange={({ detail }) => setKeys(detail.selectedOptions.flatMap(({ value }) => value ?? []))}
          empty={texts.nothing}
          filteringType="auto"
          expandToViewport
        />
      </FormField>
    </Confirm>
  )
}

/** A line for each node. */
function eachOf(chosen: readonly FleetNode[], operation: string, ...more: readonly string[]): string {
  return chosen
    .map(({ InstanceId }) =>
      shellWords('aws', 'ssm', operation, '--resource-type', 'ManagedInstance', '--resource-id', InstanceId, ...more),
    )
    .join('\n')
}
