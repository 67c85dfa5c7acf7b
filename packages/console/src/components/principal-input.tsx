import Autosuggest from '@cloudscape-design/components/autosuggest'
import { useGroups, useRoles, useUsers } from '#api/principals.ts'
import { principalTexts as texts } from '#texts/principals.ts'

interface PrincipalInputProps {
  readonly label: string
  /** An ARN. */
  readonly value: string
  readonly onChange: (arn: string) => void
  /** Groups have policies, but are nobody who could be given anything. */
  readonly withoutGroups?: boolean
  readonly autoFocus?: boolean
}

/** Somebody by ARN: typed, or chosen by name from those that the caller may list. */
export function PrincipalInput({ label, value, onChange, withoutGroups, autoFocus = false }: PrincipalInputProps) {
  const [users, groups, roles] = [useUsers(), useGroups(), useRoles()]
  const options = [
    { label: texts.users, options: users.data?.map(({ Arn, UserName }) => choice(Arn, UserName)) },
    {
      label: texts.groups,
      options: withoutGroups ? [] : groups.data?.map(({ Arn, GroupName }) => choice(Arn, GroupName)),
    },
    { label: texts.roles, options: roles.data?.map(({ Arn, RoleName }) => choice(Arn, RoleName)) },
  ]
  return (
    <Autosuggest
      value={value}
      onChange={({ detail }) => onChange(detail.value)}
      options={options.flatMap(({ label, options }) => (options?.length ? [{ label, options }] : []))}
      enteredTextLabel={texts.use}
      placeholder={withoutGroups ? texts.hint : texts.hintWithGroups}
      ariaLabel={label}
      empty={texts.none}
      autoFocus={autoFocus}
      virtualScroll
      expandToViewport
    />
  )
}

function choice(arn: string | undefined, name: string | undefined) {
  return { value: arn!, label: name!, description: arn! }
}
