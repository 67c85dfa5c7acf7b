import Autosuggest from '@cloudscape-design/components/autosuggest'
import FormField from '@cloudscape-design/components/form-field'
import { isForbidden } from '#api/failure.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import { useAliases } from '#pages/keys/read-keys.ts'
import { parameters as texts } from '#texts/parameters.ts'

const { form } = texts

/** Under which key a SecureString rests: one of those that have a name, or any by its id or ARN. */
export function KeyField({ value, onChange }: { value: string; onChange: (keyId: string) => void }) {
  const read = useAliases()
  const hint = read.isError && isForbidden(read.error) ? form.keyForbidden : form.keyHint
  return (
    <FormField
      label={texts.columns.key}
      constraintText={
        <>
          {hint}{' '}
          <ConsoleLink to="/keys/new" fontSize="body-s">
            {form.newKey}
          </ConsoleLink>
        </>
      }
    >
      <Autosuggest
        value={value}
        onChange={({ detail }) => onChange(detail.value)}
        options={(read.data ?? []).map(({ AliasName = '', TargetKeyId }) => ({
          value: AliasName,
          ...(TargetKeyId && { description: TargetKeyId }),
        }))}
        enteredTextLabel={form.useKey}
        statusType={read.isPending ? 'loading' : 'finished'}
        empty={form.noKeys}
      />
    </FormField>
  )
}
