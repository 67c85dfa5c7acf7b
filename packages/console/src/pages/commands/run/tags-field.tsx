import AttributeEditor from '@cloudscape-design/components/attribute-editor'
import Autosuggest from '@cloudscape-design/components/autosuggest'
import { useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { commands } from '#texts/commands.ts'
import type { Tag } from './run-form.ts'

const words = commands.form
const MOST = 5

interface Props {
  readonly tags: readonly Tag[]
  readonly error: string | undefined
  readonly onChange: (tags: Tag[]) => void
}

/** Tags that nodes must carry; offers those that there are. */
export function TagsField({ tags, error, onChange }: Props) {
  const change = (index: number, part: Partial<Tag>) =>
    onChange(tags.map((tag, at) => (at === index ? { ...tag, ...part } : tag)))
  return (
    <AttributeEditor
      items={tags}
      definition={[
        {
          label: words.tagKey,
          control: (tag, index) => <KeyInput tag={tag} onChange={(key) => change(index, { key })} />,
          errorText: (_tag, index) => (index === 0 ? error : undefined),
        },
        {
          label: words.tagValues,
          control: (tag, index) => <ValuesInput tag={tag} onChange={(values) => change(index, { values })} />,
        },
      ]}
      addButtonText={words.addTag}
      removeButtonText={words.remove}
      disableAddButton={tags.length >= MOST}
      isItemRemovable={() => tags.length > 1}
      onAddButtonClick={() => onChange([...tags, { key: '', values: '' }])}
      onRemoveButtonClick={({ detail }) => onChange(tags.filter((_, at) => at !== detail.itemIndex))}
    />
  )
}

interface InputProps {
  readonly tag: Tag
  readonly onChange: (text: string) => void
}

function KeyInput({ tag: { key }, onChange }: InputProps) {
  return (
    <Autosuggest
      value={key}
      options={useGroups('tag-key').map(({ value, count }) => ({ value, labelTag: words.onNodes(count) }))}
      enteredTextLabel={words.use}
      empty={words.noTags}
      expandToViewport
      onChange={({ detail }) => onChange(detail.value)}
    />
  )
}

function ValuesInput({ tag: { key, values }, onChange }: InputProps) {
  const before = values.split(',').slice(0, -1)
  const given = new Set(before.map((value) => value.trim()))
  const options = useGroups(key.trim() && `tag:${key.trim()}`)
    .filter(({ value }) => !given.has(value))
    .map(({ value, count }) => ({ value: [...before, value].join(','), label: value, labelTag: words.onNodes(count) }))
  return (
    <Autosuggest
      value={values}
      options={options}
      enteredTextLabel={words.use}
      empty={words.noTagValues}
      expandToViewport
      onChange={({ detail }) => onChange(detail.value)}
    />
  )
}

/** What the fleet has of a kind of tag, with how many nodes carry each; nothing for who may not see the fleet. */
function useGroups(group: string): { value: string; count: number }[] {
  const input = { GroupBy: group, MaxResults: 0 }
  const read = useRead('nodes', ['groups', input], (signal) => steward('SearchNodes', input, signal), {
    enabled: group !== '',
    keepLast: false,
  })
  return (read.data?.Groups ?? []).flatMap(({ Value, Count }) => (Value ? [{ value: Value, count: Count }] : []))
}
