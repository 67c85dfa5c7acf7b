import AttributeEditor, { type AttributeEditorProps } from '@cloudscape-design/components/attribute-editor'
import Autosuggest from '@cloudscape-design/components/autosuggest'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useCounts, useSummary } from '#pages/inventory/read-inventory.ts'
import { RESOURCE_GROUP } from '#pages/inventory/types.ts'
import { groups } from '#texts/groups.ts'
import {
  beforeLast,
  type FactDraft,
  type GroupDraft,
  OPERATORS,
  type Operator,
  textOf,
  valuesOf,
} from './group-draft.ts'
import { TagFilters } from './query-fields.tsx'

const { form: texts } = groups
const FACTS_AT_MOST = 5
/** Keys are long, operators short; on a phone one stands below the other. */
const LAYOUT: AttributeEditorProps.GridLayout[] = [
  { breakpoint: 'xs', rows: [[4, 2, 3]], removeButton: { width: 'auto' } },
  { rows: [[1], [1], [1]], removeButton: { ownRow: true } },
]
/** Values that are offered at once. */
const OFFERED = 50

interface InventoryFieldsProps {
  readonly draft: GroupDraft
  readonly onChange: (change: Partial<GroupDraft>) => void
}

/** What nodes must report, and the tags that they must have besides. */
export function InventoryFields({ draft, onChange }: InventoryFieldsProps) {
  return (
    <Container header={<Header variant="h2">{groups.page.query}</Header>}>
      <SpaceBetween size="m">
        <Facts facts={draft.facts} onChange={(facts) => onChange({ facts })} />
        <TagFilters tags={draft.tags} none={texts.anyTags} onChange={(tags) => onChange({ tags })} />
      </SpaceBetween>
    </Container>
  )
}

interface FactsProps {
  readonly facts: readonly FactDraft[]
  readonly onChange: (facts: FactDraft[]) => void
}

function Facts({ facts, onChange }: FactsProps) {
  const options = useAttributes()
  const change = (index: number, part: Partial<FactDraft>) =>
    onChange(facts.map((fact, at) => (at === index ? { ...fact, ...part } : fact)))
  return (
    <FormField label={texts.facts} description={texts.factsHint} stretch>
      <AttributeEditor
        items={[...facts]}
        addButtonText={texts.addFact}
        removeButtonText={texts.remove}
        empty={texts.noFacts}
        disableAddButton={facts.length >= FACTS_AT_MOST}
        onAddButtonClick={() => onChange([...facts, { key: '', operator: 'Equal', values: '' }])}
        onRemoveButtonClick={({ detail }) => onChange(facts.filter((_, at) => at !== detail.itemIndex))}
        gridLayout={LAYOUT}
        definition={[
          {
            label: texts.fact,
            control: ({ key }, index) => (
              <Autosuggest
                value={key}
                options={options}
                placeholder={texts.factExample}
                ariaLabel={texts.fact}
                enteredTextLabel={(text) => text}
                onChange={({ detail }) => change(index, { key: detail.value })}
              />
            ),
          },
          {
            label: texts.operator,
            control: ({ operator }, index) => (
              <OperatorField operator={operator} onChange={(next) => change(index, { operator: next })} />
            ),
          },
          {
            label: texts.value,
            control: (fact, index) => <ValueField fact={fact} onChange={(values) => change(index, { values })} />,
          },
        ]}
      />
    </FormField>
  )
}

/** Attributes of all types, by type; none for somebody who may not see the inventory, and may write them. */
function useAttributes() {
  const types = useSummary().data?.Types ?? []
  return types.flatMap(({ TypeName, Columns }) =>
    TypeName === RESOURCE_GROUP
      ? []
      : {
          label: TypeName,
          options: Columns.slice(1).map((attribute) => ({ value: `${TypeName}.${attribute}` })),
        },
  )
}

function OperatorField({ operator, onChange }: { operator: Operator; onChange: (operator: Operator) => void }) {
  const options = OPERATORS.map((value) => ({ value, label: texts.operators[value] }))
  return (
    <Select
      selectedOption={options.find(({ value }) => value === operator) ?? null}
      options={options}
      ariaLabel={texts.operator}
      onChange={({ detail }) => onChange(detail.selectedOption.value as Operator)}
    />
  )
}

/** Offers the values that nodes have, of the one that is being written. They are read when somebody comes here. */
function ValueField({ fact, onChange }: { fact: FactDraft; onChange: (values: string) => void }) {
  const [isVisited, setVisited] = useState(false)
  const end = fact.key.lastIndexOf('.')
  const [type, attribute] = [fact.key.slice(0, Math.max(0, end)), fact.key.slice(end + 1)]
  const counts = useCounts(type, [attribute], isVisited && type !== '' && attribute !== '')
  if (fact.operator === 'Exists') return <Input value="" disabled placeholder={texts.noValue} ariaLabel={texts.value} />
  const before = beforeLast(fact.values)
  const [written = ''] = valuesOf(fact.values.slice(before.length).toLowerCase())
  const offered = (counts.data ?? []).filter((entry) => entry[attribute]?.toLowerCase().includes(written))
  return (
    <Autosuggest
      value={fact.values}
      options={offered.slice(0, OFFERED).map((entry) => ({
        value: `${before && `${before} `}${textOf([entry[attribute] ?? ''])}`,
        label: entry[attribute],
        labelTag: entry.Count,
      }))}
      filteringType="manual"
      ariaLabel={texts.value}
      enteredTextLabel={(text) => text}
      onFocus={() => setVisited(true)}
      onChange={({ detail }) => onChange(detail.value)}
    />
  )
}
