import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { access } from '#texts/access.ts'
import { common } from '#texts/common.ts'

const texts = access.password

export interface PasswordFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (password: string) => void
  readonly current?: boolean
  /** Offers a random one, which is shown so that it can be handed over. */
  readonly suggest?: boolean
}

/** A password, hidden unless it was made here. */
export function PasswordField({ label, value, onChange, current, suggest }: PasswordFieldProps) {
  const [shown, setShown] = useState(false)
  return (
    <FormField
      label={label}
      secondaryControl={
        <SpaceBetween direction="horizontal" size="xs">
          {suggest && (
            <Button
              formAction="none"
              onClick={() => {
                onChange(randomPassword())
                setShown(true)
              }}
            >
              {texts.suggest}
            </Button>
          )}
          {shown && value !== '' && (
            <Button
              formAction="none"
              iconName="copy"
              ariaLabel={common.copy}
              onClick={() => void navigator.clipboard.writeText(value)}
            />
          )}
        </SpaceBetween>
      }
      constraintText={shown && suggest ? texts.suggestHint : undefined}
    >
      <Input
        type={shown ? 'text' : 'password'}
        value={value}
        onChange={({ detail }) => onChange(detail.value)}
        autoComplete={current ? 'current-password' : 'new-password'}
        spellcheck={false}
      />
    </FormField>
  )
}

/** Letters that are not mistaken for one another; some of every kind that policies ask for. */
const KINDS = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnpqrstuvwxyz', '23456789', '!@#$%^&*-_=+'] as const
const LENGTH = 20

function randomPassword(): string {
  const all = KINDS.join('')
  const letters = KINDS.map((kind) => oneOf(kind))
  while (letters.length < LENGTH) letters.push(oneOf(all))
  return letters
    .map((letter) => ({ letter, at: randomBelow(2 ** 32) }))
    .sort((one, other) => one.at - other.at)
    .map(({ letter }) => letter)
    .join('')
}

function oneOf(letters: string): string {
  return letters[randomBelow(letters.length)]!
}

/** All are equally likely: numbers beyond the last whole multiple are thrown away. */
function randomBelow(limit: number): number {
  const fair = 2 ** 32 - (2 ** 32 % limit)
  for (;;) {
    const number = crypto.getRandomValues(new Uint32Array(1))[0]!
    if (number < fair) return number % limit
  }
}
