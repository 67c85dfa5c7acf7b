import { DeleteRoleCommand, type Role, UpdateRoleCommand } from '@aws-sdk/client-iam'
import FormField from '@cloudscape-design/components/form-field'
import Select from '@cloudscape-design/components/select'
import Textarea from '@cloudscape-design/components/textarea'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { iam } from '#api/clients/iam.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { FormDialog } from '#components/form-dialog.tsx'
import { shellWords } from '#components/shell-words.ts'
import { access } from '#texts/access.ts'
import { deleteInlinePolicy, detach, type Holder, putInlinePolicy } from './holder.ts'
import { usePermissions } from './policies-panel.tsx'

const texts = access.role

const HOURS = [1, 2, 4, 8, 12]

export function DurationField({ seconds, onChange }: { seconds: number; onChange: (seconds: number) => void }) {
  const options = HOURS.map((hours) => ({ value: String(hours * 3600), label: texts.hours(hours) }))
  const chosen = options.find(({ value }) => value === String(seconds)) ?? {
    value: String(seconds),
    label: texts.hours(seconds / 3600),
  }
  return (
    <FormField label={texts.duration} description={texts.durationHint}>
      <Select
        selectedOption={chosen}
        options={options}
        onChange={({ detail }) => onChange(Number(detail.selectedOption.value))}
        expandToViewport
      />
    </FormField>
  )
}

export function EditRoleDialog({ role, onClose }: { role: Role; onClose: () => void }) {
  const [description, setDescription] = useState(role.Description ?? '')
  const [seconds, setSeconds] = useState(role.MaxSessionDuration ?? 3600)
  const save = useAct(['iam'], () =>
    iam().send(
      new UpdateRoleCommand({ RoleName: role.RoleName, Description: description, MaxSessionDuration: seconds }),
    ),
  )
  const words = ['--role-name', role.RoleName, '--description', description, '--max-session-duration', seconds]
  return (
    <FormDialog
      title={texts.editTitle(role.RoleName!)}
      act={access.save}
      command={shellWords('aws', 'iam', 'update-role', ...words)}
      onSubmit={() => save.mutateAsync(undefined)}
      onClose={onClose}
    >
      <FormField label={access.description}>
        <Textarea value={description} rows={3} onChange={({ detail }) => setDescription(detail.value)} />
      </FormField>
      <DurationField seconds={seconds} onChange={setSeconds} />
    </FormDialog>
  )
}

/** AWS's own name for the policy. */
const REVOKED = 'AWSRevokeOlderSessions'

/** Everything is denied to sessions that began before now; new ones are as good as ever. */
export function RevokeSessionsDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const revoke = useAct(['iam'], () =>
    putInlinePolicy({ kind: 'role', name }, REVOKED, JSON.stringify(denyingBefore(new Date().toISOString()), null, 2)),
  )
  return (
    <Confirm
      title={texts.revokeTitle(name)}
      act={texts.revoke}
      command={revokeCommand(name)}
      onConfirm={async () => {
        await revoke.mutateAsync(undefined)
        notify({ type: 'success', header: texts.revoked(name) })
      }}
      onClose={onClose}
    >
      {texts.revokeHint(REVOKED)}
    </Confirm>
  )
}

/** The shell fills in the time at which it runs. */
function revokeCommand(name: string): string {
  const words = shellWords('aws', 'iam', 'put-role-policy', '--role-name', name, '--policy-name', REVOKED)
  const policy = JSON.stringify(denyingBefore('NOW')).replace('NOW', `'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'`)
  return `${words} --policy-document '${policy}'`
}

function denyingBefore(time: string): object {
  const Condition = { DateLessThan: { 'aws:TokenIssueTime': time } }
  return { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*', Condition }] }
}

export function DeleteRoleDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const [, navigate] = useLocation()
  const holder: Holder = { kind: 'role', name }
  const permissions = usePermissions(holder)
  const remove = useAct(['iam'], async () => {
    for (const { arn, name: policy } of permissions.data ?? [])
      await (arn === undefined ? deleteInlinePolicy(holder, policy) : detach(holder, arn))
    await iam().send(new DeleteRoleCommand({ RoleName: name }))
  })
  return (
    <Confirm
      title={texts.deleteTitle(name)}
      act={access.delete}
      word={name}
      command={shellWords('aws', 'iam', 'delete-role', '--role-name', name)}
      onConfirm={async () => {
        await remove.mutateAsync(undefined)
        notify({ type: 'success', header: texts.deleted(name) })
        navigate('/access/roles')
      }}
      onClose={onClose}
    >
      {texts.deleteHint(permissions.data?.length ?? 0)}
    </Confirm>
  )
}
