import {
  DeleteAccessKeyCommand,
  DeleteLoginProfileCommand,
  DeleteUserCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam'
import TextContent from '@cloudscape-design/components/text-content'
import { useLocation } from 'wouter'
import { iam } from '#api/clients/iam.ts'
import { failureOf } from '#api/failure.ts'
import { useAct, useRead } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { Loaded } from '#components/loaded.tsx'
import { shellWords } from '#components/shell-words.ts'
import { access } from '#texts/access.ts'
import { keysOf } from './access-keys-panel.tsx'
import { useGroupsOf } from './groups-of-user.tsx'
import { deleteInlinePolicy, detach, type Holder } from './holder.ts'
import { removeDevice, useMfaDevices } from './mfa-panel.tsx'
import { usePermissions } from './policies-panel.tsx'

const texts = access.deleteUser

/** Deletes a user with everything that is its own, which IAM wants to be gone first; says before what that is. */
export function DeleteUserDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const [, navigate] = useLocation()
  const holder: Holder = { kind: 'user', name }
  const keys = useRead('iam', ['access-keys', name], () => keysOf(name))
  const groups = useGroupsOf(name)
  const devices = useMfaDevices(name)
  const permissions = usePermissions(holder)
  const remove = useAct(['iam'], async () => {
    for (const { AccessKeyId } of keys.data ?? [])
      await iam().send(new DeleteAccessKeyCommand({ UserName: name, AccessKeyId }))
    for (const { SerialNumber } of devices.data ?? []) await removeDevice(name, SerialNumber!)
    for (const { GroupName } of groups.data ?? [])
      await iam().send(new RemoveUserFromGroupCommand({ UserName: name, GroupName }))
    for (const { arn, name: policy } of permissions.data ?? [])
      await (arn === undefined ? deleteInlinePolicy(holder, policy) : detach(holder, arn))
    await iam()
      .send(new DeleteLoginProfileCommand({ UserName: name }))
      .catch(unlessMissing)
    await iam().send(new DeleteUserCommand({ UserName: name }))
  })
  return (
    <Confirm
      title={texts.title(name)}
      act={access.delete}
      word={name}
      command={shellWords('aws', 'iam', 'delete-user', '--user-name', name)}
      onConfirm={async () => {
        await remove.mutateAsync(undefined)
        notify({ type: 'success', header: texts.done(name) })
        navigate('/access/users')
      }}
      onClose={onClose}
    >
      {texts.hint}
      <Loaded read={keys}>
        {(found) => (
          <TextContent>
            <ul>
              {texts
                .what({
                  keys: found.length,
                  devices: devices.data?.length ?? 0,
                  groups: groups.data?.length ?? 0,
                  policies: permissions.data?.length ?? 0,
                })
                .map((line) => (
                  <li key={line}>{line}</li>
                ))}
            </ul>
          </TextContent>
        )}
      </Loaded>
    </Confirm>
  )
}

function unlessMissing(error: unknown): void {
  if (!/^NoSuchEntity/.test(failureOf(error).code)) throw error
}
