import ColumnLayout from '@cloudscape-design/components/column-layout'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { OptionalLabel } from '#components/optional-label.tsx'
import { documents } from '#texts/documents.ts'

const texts = documents.form

export interface Optional {
  readonly versionName: string
  readonly displayName: string
  readonly targetType: string
}

/** What may be said of a version and mostly is not. */
export function OptionalFields({ values, set }: { values: Optional; set: (change: Partial<Optional>) => void }) {
  const field = (name: keyof Optional, hint?: string) => (
    <FormField label={<OptionalLabel>{texts[name]}</OptionalLabel>} constraintText={hint}>
      <Input
        value={values[name]}
        onChange={({ detail }) => set({ [name]: detail.value })}
        spellcheck={false}
        autoComplete={false}
      />
    </FormField>
  )
  return (
    <ColumnLayout columns={3}>
      {field('versionName', texts.versionNameHint)}
      {field('displayName')}
      {field('targetType', texts.targetTypeHint)}
    </ColumnLayout>
  )
}
