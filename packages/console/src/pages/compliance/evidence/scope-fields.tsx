import FormField from '@cloudscape-design/components/form-field'
import Multiselect from '@cloudscape-design/components/multiselect'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useGroups } from '#pages/groups/read-groups.ts'
import { evidence } from '#texts/evidence.ts'
import { useOverview } from '../read-compliance.ts'

const { scope: texts } = evidence

export interface ScopeForm {
  /** Empty: all nodes. */
  readonly group: string
  readonly types: readonly string[]
}

export const EVERYTHING: ScopeForm = { group: '', types: [] }

export function scopeInput({ group, types }: ScopeForm) {
  return {
    ...(group && { Targets: [{ Key: 'resource-groups:Name', Values: [group] }] }),
    ...(types.length > 0 && { ComplianceTypes: [...types] }),
  }
}

export function scopeWords({ group, types }: ScopeForm): string[] {
  return [...(group ? ['--group', group] : []), ...types.flatMap((type) => ['--type', type])]
}

interface Props {
  readonly form: ScopeForm
  readonly onChange: (change: Partial<ScopeForm>) => void
}

/** Which nodes and types a report is about. */
export function ScopeFields({ form, onChange }: Props) {
  const groups = useGroups()
  const overview = useOverview({ TrendPoints: 2 })
  const options = ['', ...(groups.data ?? []).map(({ GroupName = '' }) => GroupName)].map((value) => ({
    value,
    label: value || texts.everyNode,
  }))
  const types = (overview.data?.Types ?? []).map(({ ComplianceType }) => ({ value: ComplianceType }))
  return (
    <SpaceBetween size="m">
      <FormField label={texts.group}>
        <Select
          selectedOption={options.find(({ value }) => value === form.group) ?? null}
          options={options}
          expandToViewport
          onChange={({ detail }) => onChange({ group: detail.selectedOption.value ?? '' })}
        />
      </FormField>
      <FormField label={texts.types} description={texts.typesHint}>
        <Multiselect
          selectedOptions={form.types.map((value) => ({ value }))}
          options={types}
          placeholder={texts.allTypes}
          expandToViewport
          onChange={({ detail }) => onChange({ types: detail.selectedOptions.map(({ value = '' }) => value) })}
        />
      </FormField>
    </SpaceBetween>
  )
}
