import Select from '@cloudscape-design/components/select'
import { dataSyncs } from '#texts/data-syncs.ts'
import { FROM_SOURCE, useSyncs } from './read-syncs.ts'

const { regions: texts } = dataSyncs

interface RegionsChoiceProps {
  /** Name of a sync; empty: this Region. */
  readonly value: string
  readonly onChange: (value: string) => void
}

/** Whether a page is about this Region, or about those that a sync gathers. Where there is nothing to choose it shows nothing. */
export function RegionsChoice({ value, onChange }: RegionsChoiceProps) {
  const syncs = useSyncs()
  const names = (syncs.data ?? []).flatMap(({ SyncName = '', SyncType }) =>
    SyncType === FROM_SOURCE ? [SyncName] : [],
  )
  const options = [...new Set(['', ...names, value])].map((name) => ({ value: name, label: name || texts.here }))
  if (options.length === 1) return null
  return (
    <div className="st-actions">
      <Select
        inlineLabelText={texts.label}
        selectedOption={options.find((option) => option.value === value) ?? null}
        options={options}
        expandToViewport
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
      />
    </div>
  )
}
