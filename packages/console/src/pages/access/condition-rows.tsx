import AttributeEditor from '@cloudscape-design/components/attribute-editor'
import Autosuggest from '@cloudscape-design/components/autosuggest'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import { access } from '#texts/access.ts'
import type { Comparison } from './policy-document.ts'

const texts = access.editor

const OPERATORS = [
  ...['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
  ...['StringLike', 'StringNotLike', 'ForAllValues:StringEquals', 'ForAllValues:StringLike'],
  ...['ForAnyValue:StringEquals', 'ForAnyValue:StringLike', 'StringEqualsIfExists', 'StringLikeIfExists'],
  ...['ArnEquals', 'ArnNotEquals', 'ArnLike', 'ArnNotLike', 'Bool', 'BoolIfExists', 'Null'],
  ...['IpAddress', 'NotIpAddress', 'DateEquals', 'DateNotEquals', 'DateLessThan', 'DateLessThanEquals'],
  ...['DateGreaterThan', 'DateGreaterThanEquals', 'NumericEquals', 'NumericNotEquals', 'NumericLessThan'],
  ...['NumericLessThanEquals', 'NumericGreaterThan', 'NumericGreaterThanEquals'],
]

interface ConditionRowsProps {
  readonly rows: readonly Comparison[]
  /** Keys that are offered. */
  readonly keys: readonly string[]
  readonly onChange: (rows: readonly Comparison[]) => void
}

/** The comparisons of a condition; all of them must hold. */
export function ConditionRows({ rows, keys, onChange }: ConditionRowsProps) {
  const set = (index: number, change: Partial<Comparison>) =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...change } : row)))
  return (
    <AttributeEditor
      items={rows}
      empty={texts.always}
      addButtonText={texts.addCondition}
      removeButtonText={texts.removeCondition}
      gridLayout={[{ breakpoint: 's', rows: [[5, 4, 4]], removeButton: { width: 'auto' } }, { rows: [[1], [1], [1]] }]}
      removeButtonAriaLabel={({ key }) => `${texts.removeCondition} ${key}`}
      onAddButtonClick={() => onChange([...rows, { operator: 'StringEquals', key: freeKey(rows), values: [''] }])}
      onRemoveButtonClick={({ detail }) => onChange(rows.toSpliced(detail.itemIndex, 1))}
      definition={[
        {
          label: texts.key,
          control: ({ key }, index) => (
            <Autosuggest
              value={key}
              options={keys.map((value) => ({ value }))}
              onChange={({ detail }) => set(index, { key: detail.value })}
              enteredTextLabel={access.words.use}
              ariaLabel={texts.key}
              expandToViewport
            />
          ),
        },
        {
          label: texts.operator,
          control: ({ operator }, index) => (
            <Select
              selectedOption={{ value: operator, label: operator }}
              options={OPERATORS.map((value) => ({ value, label: value }))}
              onChange={({ detail }) => set(index, { operator: detail.selectedOption.value! })}
              filteringType="auto"
              ariaLabel={texts.operator}
              expandToViewport
            />
          ),
        },
        {
          label: texts.values,
          control: ({ values }, index) => (
            <Input
              value={values.join(', ')}
              placeholder={texts.valuesHint}
              ariaLabel={texts.values}
              onChange={({ detail }) => set(index, { values: detail.value.split(/,\s?/) })}
              spellcheck={false}
            />
          ),
        },
      ]}
    />
  )
}

/** Rows of the same operator and key would become one while it is typed. */
function freeKey(rows: readonly Comparison[]): string {
  const taken = rows.map(({ key }) => key)
  return ['aws:PrincipalTag/team', 'aws:SourceIp', 'aws:MultiFactorAuthPresent', ''].find(
    (key) => !taken.includes(key),
  )!
}
