import Checkbox from '@cloudscape-design/components/checkbox'
import FormField from '@cloudscape-design/components/form-field'
import Grid from '@cloudscape-design/components/grid'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { commands } from '#texts/commands.ts'
import type { RunForm } from './run-form.ts'

const words = commands.form
const HALVES = [{ colspan: { default: 12, s: 6 } }, { colspan: { default: 12, s: 6 } }]

interface Props {
  readonly form: RunForm
  readonly faults: Readonly<Record<string, string>>
  readonly onChange: (change: Partial<RunForm>) => void
}

/** What most commands go without. */
export function OptionFields({ form, faults, onChange }: Props) {
  return (
    <SpaceBetween size="l">
      <Grid gridDefinition={HALVES}>
        <FormField label={words.comment} description={words.commentHint} errorText={faults.comment} stretch>
          <Input value={form.comment} onChange={({ detail }) => onChange({ comment: detail.value })} />
        </FormField>
        <FormField label={words.timeout} description={words.timeoutHint} errorText={faults.timeout} stretch>
          <Input
            value={form.timeout}
            inputMode="numeric"
            onChange={({ detail }) => onChange({ timeout: detail.value })}
          />
        </FormField>
      </Grid>
      <OutputPlace form={form} onChange={onChange} />
      <Checkbox checked={form.logs} onChange={({ detail }) => onChange({ logs: detail.checked })}>
        {words.logs}
      </Checkbox>
      {form.logs && (
        <FormField label={words.logGroup} description={words.logGroupHint(form.document)}>
          <Input
            value={form.logGroup}
            spellcheck={false}
            onChange={({ detail }) => onChange({ logGroup: detail.value })}
          />
        </FormField>
      )}
    </SpaceBetween>
  )
}

/** The bucket that outputs go to in full. */
export function OutputPlace({ form, onChange }: Omit<Props, 'faults'>) {
  return (
    <Grid gridDefinition={HALVES}>
      <FormField label={words.bucket} description={words.bucketHint} stretch>
        <Input
          value={form.bucket}
          spellcheck={false}
          onChange={({ detail }) => onChange({ bucket: detail.value.trim() })}
        />
      </FormField>
      <FormField label={words.prefix} description={words.prefixHint} stretch>
        <Input
          value={form.prefix}
          spellcheck={false}
          disabled={!form.bucket}
          onChange={({ detail }) => onChange({ prefix: detail.value })}
        />
      </FormField>
    </Grid>
  )
}
