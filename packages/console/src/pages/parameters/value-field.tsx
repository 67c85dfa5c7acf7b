import Box from '@cloudscape-design/components/box'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Textarea from '@cloudscape-design/components/textarea'
import Toggle from '@cloudscape-design/components/toggle'
import { useState } from 'react'
import { parameters as texts } from '#texts/parameters.ts'
import type { Draft } from './parameter-draft.ts'
import { bytesOf, TIER_BYTES } from './rules.ts'

const { form } = texts

export interface ValueFieldProps {
  readonly draft: Draft
  readonly fault: string | undefined
  readonly onChange: (value: string) => void
}

/** The value to store; what is secret is typed unseen, unless one wants to see it. */
export function ValueField({ draft, fault, onChange }: ValueFieldProps) {
  const { type, value, tier } = draft
  const [shown, setShown] = useState(false)
  const isSecret = type === 'SecureString'
  const isHidden = isSecret && !shown
  const most = tier === 'Standard' ? TIER_BYTES.Standard : TIER_BYTES.Advanced
  return (
    <FormField
      label={texts.value.title}
      stretch
      errorText={fault}
      constraintText={form.size(bytesOf(value), most)}
      secondaryControl={
        isSecret && (
          <Toggle checked={shown} onChange={({ detail }) => setShown(detail.checked)}>
            {form.show}
          </Toggle>
        )
      }
    >
      <SpaceBetween size="xs">
        {isHidden ? (
          <Input
            type="password"
            value={value}
            onChange={({ detail }) => onChange(detail.value)}
            autoComplete="new-password"
          />
        ) : (
          <Textarea
            value={value}
            rows={Math.min(16, Math.max(3, value.split('\n').length))}
            onChange={({ detail }) => onChange(detail.value)}
            spellcheck={false}
            autoComplete={false}
          />
        )}
        {isHidden && value.includes('\n') && <Box color="text-body-secondary">{form.lines}</Box>}
        {type === 'StringList' && value !== '' && (
          <Box color="text-body-secondary">{texts.value.items(value.split(',').length)}</Box>
        )}
      </SpaceBetween>
    </FormField>
  )
}
