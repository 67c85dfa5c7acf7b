import AttributeEditor from '@cloudscape-design/components/attribute-editor'
import Box from '@cloudscape-design/components/box'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Multiselect from '@cloudscape-design/components/multiselect'
import type { ResourceTagMapping } from '@steward/model/generated/resourcegroupstaggingapi.ts'
import { useState } from 'react'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import type { Tag } from '#components/tags-panel.tsx'
import { tagEditor } from '#texts/tag-editor.ts'
import { changeTags, tagCommand } from './change-tags.ts'

const { editing: texts } = tagEditor

interface EditTagsProps {
  readonly resources: readonly ResourceTagMapping[]
  readonly onClose: () => void
}

/** Gives the same tags to many resources and takes others off them; says before what of which that changes. */
export function EditTags({ resources, onClose }: EditTagsProps) {
  const [put, setPut] = useState<readonly Tag[]>([{ key: '', value: '' }])
  const [removed, setRemoved] = useState<readonly string[]>([])
  const given = put.filter(({ key }) => key.trim() !== '')
  const change = { put: given, removed: removed.filter((key) => !given.some((tag) => tag.key === key)) }
  const sentences = preview(resources, change)
  const arns = resources.flatMap(({ ResourceARN }) => ResourceARN ?? [])
  const act = useAct(['groups', 'nodes', 'documents', 'parameters'], () => changeTags(arns, change))
  const set = (index: number, part: Partial<Tag>) =>
    setPut(put.map((tag, at) => (at === index ? { ...tag, ...part } : tag)))
  const options = [...new Set(resources.flatMap(({ Tags = [] }) => Tags.map(({ Key }) => Key)))]
    .sort()
    .map((key) => ({ value: key, label: key }))
  return (
    <Confirm
      title={texts.title(resources.length)}
      act={texts.act}
      size="large"
      disabled={sentences.length === 0}
      command={sentences.length > 0 ? tagCommand(arns, change) : undefined}
      onConfirm={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.done(resources.length) })
      }}
      onClose={onClose}
    >
      <FormField label={texts.put} description={texts.putHint} stretch>
        <AttributeEditor
          items={[...put]}
          addButtonText={texts.add}
          removeButtonText={texts.remove}
          empty={texts.nothing}
          onAddButtonClick={() => setPut([...put, { key: '', value: '' }])}
          onRemoveButtonClick={({ detail }) => setPut(put.filter((_, at) => at !== detail.itemIndex))}
          definition={[
            {
              label: texts.key,
              control: ({ key }, index) => (
                <Input
                  value={key}
                  ariaLabel={texts.key}
                  autoFocus={index === 0}
                  onChange={({ detail }) => set(index, { key: detail.value })}
                />
              ),
            },
            {
              label: texts.value,
              control: ({ value }, index) => (
                <Input
                  value={value}
                  ariaLabel={texts.value}
                  onChange={({ detail }) => set(index, { value: detail.value })}
                />
              ),
            },
          ]}
        />
      </FormField>
      <FormField label={texts.removed}>
        <Multiselect
          options={options}
          selectedOptions={options.filter(({ value }) => removed.includes(value))}
          placeholder={texts.removedNone}
          expandToViewport
          onChange={({ detail }) => setRemoved(detail.selectedOptions.flatMap(({ value }) => value ?? []))}
        />
      </FormField>
      <div>
        <Box variant="awsui-key-label">{texts.preview}</Box>
        {sentences.length === 0 ? (
          <Box color="text-body-secondary">{texts.same}</Box>
        ) : (
          <ul>
            {sentences.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        )}
      </div>
    </Confirm>
  )
}

/** What changes on how many; nothing for what is so already. */
function preview(
  resources: readonly ResourceTagMapping[],
  { put, removed }: { put: readonly Tag[]; removed: readonly string[] },
): string[] {
  const valuesOf = (key: string) => resources.map(({ Tags = [] }) => Tags.find((tag) => tag.Key === key)?.Value)
  const counted = (sentence: (number: number) => string, number: number) => (number > 0 ? [sentence(number)] : [])
  return [
    ...put.flatMap(({ key, value }) => {
      const values = valuesOf(key)
      const without = values.filter((one) => one === undefined).length
      const others = values.filter((one) => one !== undefined && one !== value).length
      return [
        ...counted((number) => texts.gets(key, value, number), without),
        ...counted((number) => texts.overwrites(key, value, number), others),
      ]
    }),
    ...removed.flatMap((key) =>
      counted((number) => texts.loses(key, number), valuesOf(key).filter((one) => one !== undefined).length),
    ),
  ]
}
