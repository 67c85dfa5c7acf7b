import AttributeEditor from '@cloudscape-design/components/attribute-editor'
import Autosuggest from '@cloudscape-design/components/autosuggest'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Multiselect from '@cloudscape-design/components/multiselect'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useRead } from '#api/queries.ts'
import { tagKeys } from '#api/tagging.ts'
import { groups } from '#texts/groups.ts'
import { type GroupDraft, type TagDraft, TYPES } from './group-draft.ts'

const { form: texts } = groups

interface QueryFieldsProps {
  readonly draft: GroupDraft
  readonly onChange: (change: Partial<GroupDraft>) => void
}

/** Of which types, with which tags. */
export function QueryFields({ draft, onChange }: QueryFieldsProps) {
  return (
    <Container header={<Header variant="h2">{groups.page.query}</Header>}>
      <SpaceBetween size="m">
        <TypesField types={draft.types} onChange={(types) => onChange({ types })} />
        <TagFilters tags={draft.tags} onChange={(tags) => onChange({ tags })} />
      </SpaceBetween>
    </Container>
  )
}

interface TypesFieldProps {
  readonly types: readonly string[]
  readonly onChange: (types: string[]) => void
}

/** Some types of resources, or all. */
export function TypesField({ types, onChange }: TypesFieldProps) {
  const all = [...TYPES, ...types.filter((type) => !TYPES.includes(type))]
  const options = all.map((type) => ({ value: type, label: typeText(type), labelTag: type }))
  return (
    <FormField label={texts.types} description={texts.typesHint}>
      <Multiselect
        options={options}
        selectedOptions={options.filter(({ value }) => types.includes(value))}
        placeholder={texts.allTypes}
        expandToViewport
        onChange={({ detail }) => onChange(detail.selectedOptions.flatMap(({ value }) => value ?? []))}
      />
    </FormField>
  )
}

/** What people call things of a type: «Node», or `EC2 Instance` of what is not here. */
export function typeText(type: string): string {
  return groups.types[type] ?? type.replace(/^AWS::/, '').replaceAll('::', ' ')
}

interface TagFiltersProps {
  readonly tags: readonly TagDraft[]
  /** What it means that there is none. */
  readonly none?: string
  readonly onChange: (tags: TagDraft[]) => void
}

/** Tags that must be there; keys that something carries are offered. */
export function TagFilters({ tags, none = texts.noTags, onChange }: TagFiltersProps) {
  const known = useRead('groups', ['tag-keys'], tagKeys)
  const options = (known.data ?? []).map((value) => ({ value }))
  const change = (index: number, part: Partial<TagDraft>) =>
    onChange(tags.map((tag, at) => (at === index ? { ...tag, ...part } : tag)))
  return (
    <FormField label={texts.tags} description={texts.tagsHint} stretch>
      <AttributeEditor
        items={[...tags]}
        addButtonText={texts.addTag}
        removeButtonText={texts.remove}
        empty={none}
        onAddButtonClick={() => onChange([...tags, { key: '', values: '' }])}
        onRemoveButtonClick={({ detail }) => onChange(tags.filter((_, at) => at !== detail.itemIndex))}
        definition={[
          {
            label: texts.key,
            control: ({ key }, index) => (
              <Autosuggest
                value={key}
                options={options}
                ariaLabel={texts.key}
                enteredTextLabel={(text) => text}
                onChange={({ detail }) => change(index, { key: detail.value })}
              />
            ),
          },
          {
            label: texts.values,
            control: ({ values }, index) => (
              <Input
                value={values}
                placeholder={texts.valuesNone}
                ariaLabel={texts.values}
                spellcheck={false}
                onChange={({ detail }) => change(index, { values: detail.value })}
              />
            ),
          },
        ]}
      />
    </FormField>
  )
}
