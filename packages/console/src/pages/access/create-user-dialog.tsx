import { AddUserToGroupCommand, CreateLoginProfileCommand, CreateUserCommand } from '@aws-sdk/client-iam'
import Checkbox from '@cloudscape-design/components/checkbox'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Multiselect from '@cloudscape-design/components/multiselect'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { iam } from '#api/clients/iam.ts'
import { useGroups } from '#api/principals.ts'
import { useAct } from '#api/queries.ts'
import { FormDialog } from '#components/form-dialog.tsx'
import { shellWords } from '#components/shell-words.ts'
import { access } from '#texts/access.ts'
import { holderPath } from './holder.ts'
import { PasswordField } from './password-field.tsx'

const texts = access.createUser

/** Makes a user, puts it into groups, and gives it a password if it is a person. */
export function CreateUserDialog({ onClose }: { onClose: () => void }) {
  const [, navigate] = useLocation()
  const groups = useGroups()
  const [name, setName] = useState('')
  const [inGroups, setInGroups] = useState<readonly string[]>([])
  const [isPerson, setIsPerson] = useState(false)
  const [password, setPassword] = useState('')
  const [reset, setReset] = useState(true)
  const create = useAct(['iam'], async () => {
    await iam().send(new CreateUserCommand({ UserName: name }))
    for (const GroupName of inGroups) await iam().send(new AddUserToGroupCommand({ UserName: name, GroupName }))
    if (!isPerson) return
    const profile = { UserName: name, Password: password, PasswordResetRequired: reset }
    await iam().send(new CreateLoginProfileCommand(profile))
  })
  return (
    <FormDialog
      title={texts.title}
      act={texts.act}
      disabled={name === '' || (isPerson && password === '')}
      command={[
        shellWords('aws', 'iam', 'create-user', '--user-name', name || 'NAME'),
        ...inGroups.map((group) =>
          shellWords('aws', 'iam', 'add-user-to-group', '--user-name', name || 'NAME', '--group-name', group),
        ),
        ...(isPerson ? [loginProfileCommand(name || 'NAME', reset)] : []),
      ].join('\n')}
      onSubmit={async () => {
        await create.mutateAsync(undefined)
        navigate(holderPath({ kind: 'user', name }))
      }}
      onClose={onClose}
    >
      <FormField label={access.users.name} constraintText={texts.nameHint}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus spellcheck={false} />
      </FormField>
      <FormField label={access.sections.groups} description={texts.groupsHint}>
        <Multiselect
          selectedOptions={inGroups.map((value) => ({ value, label: value }))}
          options={groups.data?.map(({ GroupName }) => ({ value: GroupName!, label: GroupName! })) ?? []}
          onChange={({ detail }) => setInGroups(detail.selectedOptions.map(({ value }) => value!))}
          filteringType="auto"
          placeholder={texts.chooseGroups}
          empty={texts.noGroups}
          expandToViewport
        />
      </FormField>
      <Checkbox
        checked={isPerson}
        onChange={({ detail }) => setIsPerson(detail.checked)}
        description={texts.personHint}
      >
        {texts.person}
      </Checkbox>
      {isPerson && (
        <SpaceBetween size="s">
          <PasswordField label={texts.password} value={password} onChange={setPassword} suggest />
          <Checkbox checked={reset} onChange={({ detail }) => setReset(detail.checked)}>
            {texts.reset}
          </Checkbox>
        </SpaceBetween>
      )}
    </FormDialog>
  )
}

/** The password itself is asked for: it has no place in a command that is copied. */
export function loginProfileCommand(name: string, reset: boolean, verb: 'create' | 'update' = 'create'): string {
  const words = shellWords('aws', 'iam', `${verb}-login-profile`, '--user-name', name)
  return `read -rs PASSWORD\n${words} --password "$PASSWORD"${reset ? ' --password-reset-required' : ''}`
}
