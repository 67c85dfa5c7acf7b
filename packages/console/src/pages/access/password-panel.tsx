import {
  ChangePasswordCommand,
  CreateLoginProfileCommand,
  DeleteLoginProfileCommand,
  GetLoginProfileCommand,
  type LoginProfile,
  UpdateLoginProfileCommand,
} from '@aws-sdk/client-iam'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { iam } from '#api/clients/iam.ts'
import { failureOf } from '#api/failure.ts'
import { useAct, useRead } from '#api/queries.ts'
import { signedIn } from '#api/sign-in.ts'
import { notify } from '#app/notifications.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Confirm } from '#components/confirm.tsx'
import { FormDialog } from '#components/form-dialog.tsx'
import { Loaded } from '#components/loaded.tsx'
import { Properties } from '#components/properties.tsx'
import { shellWords } from '#components/shell-words.ts'
import { Time } from '#components/time.tsx'
import { access } from '#texts/access.ts'
import { common } from '#texts/common.ts'
import { loginProfileCommand } from './create-user-dialog.tsx'
import { PasswordField } from './password-field.tsx'

const texts = access.password

/** With which a user signs in here; one's own is changed by proving it. */
export function PasswordPanel({ name, lastUsed }: { name: string; lastUsed: Date | undefined }) {
  const [open, setOpen] = useState<'set' | 'change' | 'remove'>()
  const profile = useRead<LoginProfile | null>('iam', ['login-profile', name], () => findProfile(name))
  const remove = useAct(['iam'], () => iam().send(new DeleteLoginProfileCommand({ UserName: name })))
  const close = () => setOpen(undefined)
  const isOwn = signedIn()?.principal.arn.endsWith(`:user/${name}`)
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            profile.data !== undefined && (
              <SpaceBetween direction="horizontal" size="xs">
                <CliCommand command={shellWords('aws', 'iam', 'get-login-profile', '--user-name', name)} />
                {isOwn && profile.data && <Button onClick={() => setOpen('change')}>{texts.changeOwn}</Button>}
                {profile.data && <Button onClick={() => setOpen('remove')}>{texts.remove}</Button>}
                <Button onClick={() => setOpen('set')}>{profile.data ? texts.setNew : texts.give}</Button>
              </SpaceBetween>
            )
          }
        >
          {texts.title}
        </Header>
      }
    >
      <Loaded read={profile}>
        {(found) =>
          found ? (
            <Properties
              columns={3}
              items={[
                { label: texts.since, value: <Time at={found.CreateDate} /> },
                { label: access.users.lastSignIn, value: lastUsed ? <Time at={lastUsed} /> : common.never },
                { label: texts.next, value: found.PasswordResetRequired ? texts.mustChange : texts.needNotChange },
              ]}
            />
          ) : (
            texts.none
          )
        }
      </Loaded>
      {open === 'set' && <SetPasswordDialog name={name} exists={profile.data !== null} onClose={close} />}
      {open === 'change' && <ChangePasswordDialog onClose={close} />}
      {open === 'remove' && (
        <Confirm
          title={texts.removeTitle(name)}
          act={texts.remove}
          command={shellWords('aws', 'iam', 'delete-login-profile', '--user-name', name)}
          onConfirm={() => remove.mutateAsync(undefined)}
          onClose={close}
        >
          {texts.removeHint}
        </Confirm>
      )}
    </Container>
  )
}

/** Null: the user has no password. */
async function findProfile(name: string): Promise<LoginProfile | null> {
  try {
    const { LoginProfile } = await iam().send(new GetLoginProfileCommand({ UserName: name }))
    return LoginProfile ?? null
  } catch (error) {
    if (/^NoSuchEntity/.test(failureOf(error).code)) return null
    throw error
  }
}

function SetPasswordDialog({ name, exists, onClose }: { name: string; exists: boolean; onClose: () => void }) {
  const [password, setPassword] = useState('')
  const [reset, setReset] = useState(true)
  const profile = { UserName: name, Password: password, PasswordResetRequired: reset }
  const set = useAct(['iam'], async () => {
    if (exists) await iam().send(new UpdateLoginProfileCommand(profile))
    else await iam().send(new CreateLoginProfileCommand(profile))
  })
  return (
    <FormDialog
      title={texts.setTitle(name)}
      act={access.save}
      disabled={password === ''}
      command={loginProfileCommand(name, reset, exists ? 'update' : 'create')}
      onSubmit={async () => {
        await set.mutateAsync(undefined)
        notify({ type: 'success', header: texts.set(name) })
      }}
      onClose={onClose}
    >
      <PasswordField label={texts.title} value={password} onChange={setPassword} suggest />
      <Checkbox checked={reset} onChange={({ detail }) => setReset(detail.checked)}>
        {access.createUser.reset}
      </Checkbox>
    </FormDialog>
  )
}

function ChangePasswordDialog({ onClose }: { onClose: () => void }) {
  const [before, setBefore] = useState('')
  const [next, setNext] = useState('')
  const change = useAct(['iam'], () =>
    iam().send(new ChangePasswordCommand({ OldPassword: before, NewPassword: next })),
  )
  return (
    <FormDialog
      title={texts.changeOwn}
      act={access.save}
      disabled={before === '' || next === ''}
      command={'read -rs OLD; read -rs NEW\naws iam change-password --old-password "$OLD" --new-password "$NEW"'}
      onSubmit={async () => {
        await change.mutateAsync(undefined)
        notify({ type: 'success', header: texts.changed })
      }}
      onClose={onClose}
    >
      <PasswordField label={texts.current} value={before} onChange={setBefore} current />
      <PasswordField label={texts.new} value={next} onChange={setNext} suggest />
    </FormDialog>
  )
}
