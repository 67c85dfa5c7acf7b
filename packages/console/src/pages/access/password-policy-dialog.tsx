import {
  DeleteAccountPasswordPolicyCommand,
  type PasswordPolicy,
  UpdateAccountPasswordPolicyCommand,
} from '@aws-sdk/client-iam'
import Checkbox from '@cloudscape-design/components/checkbox'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { iam } from '#api/clients/iam.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { FormDialog } from '#components/form-dialog.tsx'
import { access } from '#texts/access.ts'

const texts = access.passwordPolicy

const KINDS = [
  'RequireUppercaseCharacters',
  'RequireLowercaseCharacters',
  'RequireNumbers',
  'RequireSymbols',
  'AllowUsersToChangePassword',
] as const

/** What passwords must be, in the account. */
export function PasswordPolicyDialog({ policy, onClose }: { policy: PasswordPolicy | undefined; onClose: () => void }) {
  const [own, setOwn] = useState(policy !== undefined)
  const [length, setLength] = useState(String(policy?.MinimumPasswordLength ?? 12))
  const [age, setAge] = useState(policy?.MaxPasswordAge ? String(policy.MaxPasswordAge) : '')
  const [reuse, setReuse] = useState(policy?.PasswordReusePrevention ? String(policy.PasswordReusePrevention) : '')
  const [kinds, setKinds] = useState<readonly string[]>(
    policy ? KINDS.filter((kind) => policy[kind]) : ['AllowUsersToChangePassword'],
  )
  const rules = {
    MinimumPasswordLength: Number(length),
    ...(age && { MaxPasswordAge: Number(age) }),
    ...(reuse && { PasswordReusePrevention: Number(reuse) }),
    ...Object.fromEntries(KINDS.map((kind) => [kind, kinds.includes(kind)])),
  }
  const save = useAct(['iam'], async () => {
    if (own) await iam().send(new UpdateAccountPasswordPolicyCommand(rules))
    else if (policy) await iam().send(new DeleteAccountPasswordPolicyCommand({}))
  })
  const number = (label: string, hint: string, value: string, set: (text: string) => void) => (
    <FormField label={label} constraintText={hint}>
      <Input type="number" inputMode="numeric" value={value} onChange={({ detail }) => set(detail.value)} />
    </FormField>
  )
  return (
    <FormDialog
      title={texts.title}
      act={access.save}
      command={own ? command(rules, kinds) : 'aws iam delete-account-password-policy'}
      onSubmit={async () => {
        await save.mutateAsync(undefined)
        notify({ type: 'success', header: texts.saved })
      }}
      onClose={onClose}
    >
      <RadioGroup
        value={own ? 'own' : 'usual'}
        onChange={({ detail }) => setOwn(detail.value === 'own')}
        items={[
          { value: 'usual', label: texts.usual, description: texts.usualHint },
          { value: 'own', label: texts.own },
        ]}
      />
      {own && (
        <SpaceBetween size="m">
          {number(texts.length, texts.lengthHint, length, setLength)}
          <SpaceBetween size="xs">
            {KINDS.map((kind) => (
              <Checkbox
                key={kind}
                checked={kinds.includes(kind)}
                onChange={({ detail }) =>
                  setKinds(detail.checked ? [...kinds, kind] : kinds.filter((other) => other !== kind))
                }
              >
                {texts.kinds[kind]}
              </Checkbox>
            ))}
          </SpaceBetween>
          {number(texts.age, texts.ageHint, age, setAge)}
          {number(texts.reuse, texts.reuseHint, reuse, setReuse)}
        </SpaceBetween>
      )}
    </FormDialog>
  )
}

const OPTIONS: Readonly<Record<string, string>> = {
  MinimumPasswordLength: '--minimum-password-length',
  MaxPasswordAge: '--max-password-age',
  PasswordReusePrevention: '--password-reuse-prevention',
  RequireUppercaseCharacters: '--require-uppercase-characters',
  RequireLowercaseCharacters: '--require-lowercase-characters',
  RequireNumbers: '--require-numbers',
  RequireSymbols: '--require-symbols',
  AllowUsersToChangePassword: '--allow-users-to-change-password',
}

function command(rules: Readonly<Record<string, unknown>>, kinds: readonly string[]): string {
  const numbers = Object.entries(rules).flatMap(([name, value]) =>
    typeof value === 'number' ? [`${OPTIONS[name]} ${value}`] : [],
  )
  return ['aws iam update-account-password-policy', ...numbers, ...kinds.map((kind) => OPTIONS[kind]!)].join(' ')
}
