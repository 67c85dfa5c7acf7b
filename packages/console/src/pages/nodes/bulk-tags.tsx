import AttributeEditor from '@cloudscape-design/components/attribute-editor'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Multiselect from '@cloudscape-design/components/multiselect'
import { useState } from 'react'
import { useAct } from '#api/queries.ts'
import { type BulkAct, useBulkWork } from '#app/bulk-work.tsx'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { nodes } from '#texts/nodes.ts'
import { addTags, removeTags } from './bulk-acts.ts'
import type { FleetNode } from './nodes-query.ts'
import { commandForEach, type Reach } from './reach.ts'

const { tagging: texts } = nodes

interface NewTag {
  readonly Key: string
  readonly Value: string
}

const TAGS_AT_ONCE = 10

interface TagsDialogProps {
  readonly reach: Reach
  readonly onClose: () => void
}

/** Gives the same tags to some nodes. */
export function AddTags({ reach, onClose }: TagsDialogProps) {
  const { nodes } = reach
  const [tags, setTags] = useState<readonly NewTag[]>([{ Key: '', Value: '' }])
  const given = tags.filter(({ Key }) => Key.trim() !== '')
  const doTo = useDo()
  const change = (index: number, part: Partial<NewTag>) =>
    setTags(tags.map((tag, at) => (at === index ? { ...tag, ...part } : tag)))
  return (
    <Confirm
      title={texts.title(nodes.length)}
      act={texts.save}
      disabled={given.length === 0}
      command={commandForEach(
        reach,
        ...['aws', 'ssm', 'add-tags-to-resource', '--resource-type', 'ManagedInstance'],
        ...['--tags', ...given.map(({ Key, Value }) => `Key=${Key},Value=${Value}`), '--resource-id'],
      )}
      onClose={onClose}
      onConfirm={() => doTo(nodes, 'add-tags-to-nodes', addTags, given)}
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
export function RemoveTags({ reach, onClose }: TagsDialogProps) {
  const { nodes } = reach
  const [keys, setKeys] = useState<readonly string[]>([])
  const known = [...new Set(nodes.flatMap(({ Tags = [] }) => Tags.flatMap(({ Key }) => Key ?? [])))].sort()
  const options = known.map((key) => ({ value: key, label: key }))
  const carriers = nodes.filter(({ Tags = [] }) => Tags.some(({ Key = '' }) => keys.includes(Key)))
  const doTo = useDo()
  return (
    <Confirm
      title={texts.untitle(nodes.length)}
      act={texts.remove}
      disabled={keys.length === 0}
      command={commandForEach(
        reach,
        ...['aws', 'ssm', 'remove-tags-from-resource', '--resource-type', 'ManagedInstance'],
        ...['--tag-keys', ...keys, '--resource-id'],
      )}
      onClose={onClose}
      onConfirm={() => doTo(carriers, 'remove-tags-from-nodes', removeTags, [...keys])}
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

/** One node is waited for, so that the dialog can say what went wrong; many show their progress. */
function useDo() {
  const act = useAct(['nodes'], (doIt: () => Promise<unknown>) => doIt())
  const doAll = useBulkWork()
  return async <I,>(nodes: readonly FleetNode[], name: string, { act: one, done }: BulkAct<I>, input: I) => {
    const items = nodes.map(({ InstanceId = '' }) => InstanceId)
    const [only, ...others] = items
    if (only === undefined || others.length > 0) return doAll({ act: name, items, input })
    await act.mutateAsync(() => one(only, input))
    notify({ type: 'success', header: done(1) })
  }
}
