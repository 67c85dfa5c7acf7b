import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { parameters as texts } from '#texts/parameters.ts'
import type { Draft } from './parameter-draft.ts'
import { matchesPattern, patternFault } from './rules.ts'

const { form } = texts

export interface PatternFieldProps {
  readonly draft: Draft
  readonly fault: string | undefined
  readonly onChange: (pattern: string) => void
}

/** What values must match, and whether this one does. */
export function PatternField({ draft: { pattern, value }, fault, onChange }: PatternFieldProps) {
  return (
    <FormField
      label={
        <>
          {texts.columns.pattern} <i>{form.optional}</i>
        </>
      }
      constraintText={form.patternHint}
      errorText={fault ?? patternFault(pattern)}
    >
      <SpaceBetween size="xs">
        <Input
          value={pattern}
          onChange={({ detail }) => onChange(detail.value)}
          placeholder="[a-z0-9-]+"
          spellcheck={false}
          autoComplete={false}
        />
        {pattern !== '' && value !== '' && !patternFault(pattern) && (
          <div role="status">
            <Match is={matchesPattern(pattern, value)} />
          </div>
        )}
      </SpaceBetween>
    </FormField>
  )
}

function Match({ is }: { is: boolean | undefined }) {
  if (is === undefined) return <StatusIndicator type="info">{form.matchUnknown}</StatusIndicator>
  return <StatusIndicator type={is ? 'success' : 'error'}>{is ? form.match : form.noMatch}</StatusIndicator>
}
