import {
  GetAccountAuthorizationDetailsCommand,
  ListVirtualMFADevicesCommand,
  type User,
  type UserDetail,
} from '@aws-sdk/client-iam'
import Button from '@cloudscape-design/components/button'
import { useState } from 'react'
import { iam } from '#api/clients/iam.ts'
import { useUsers } from '#api/principals.ts'
import { allPages, useRead } from '#api/queries.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { access } from '#texts/access.ts'
import { common } from '#texts/common.ts'
import { AccessFrame } from './access-frame.tsx'
import { CreateUserDialog } from './create-user-dialog.tsx'
import { holderPath } from './holder.ts'

const texts = access.users

/** What is known of users beyond the list, for those who may read it. */
interface More {
  readonly details: ReadonlyMap<string, UserDetail>
  readonly withDevice: ReadonlySet<string>
}

export function UsersPage() {
  const [creating, setCreating] = useState(false)
  const users = useUsers()
  const more = useMore()
  return (
    <AccessFrame section="users">
      <ResourceTable<User>
        name="users"
        variant="container"
        title={access.sections.users}
        columns={columns(more.data)}
        idOf={({ UserName }) => UserName!}
        items={users.data}
        error={users.error}
        retry={() => void users.refetch()}
        reading={users.isFetching}
        sortedBy={{ column: 'name', descending: false }}
        placeholder={texts.find}
        command="aws iam list-users"
        empty={
          <Empty title={texts.empty} action={<Button onClick={() => setCreating(true)}>{texts.create}</Button>}>
            {texts.emptyHint}
          </Empty>
        }
        actions={
          <Button variant="primary" onClick={() => setCreating(true)}>
            {texts.create}
          </Button>
        }
      />
      {creating && <CreateUserDialog onClose={() => setCreating(false)} />}
    </AccessFrame>
  )
}

function columns(more: More | undefined): Column<User>[] {
  const detail = ({ UserName }: User) => more?.details.get(UserName!)
  const groups = (user: User) => (detail(user)?.GroupList ?? []).join(', ')
  const policies = (user: User) =>
    [...(detail(user)?.AttachedManagedPolicies ?? []), ...(detail(user)?.UserPolicyList ?? [])]
      .map(({ PolicyName }) => PolicyName)
      .join(', ')
  const device = ({ UserName }: User) => (more ? (more.withDevice.has(UserName!) ? texts.withMfa : texts.noMfa) : '')
  const time = (at: Date | undefined) => at?.toISOString() ?? ''
  return [
    {
      id: 'name',
      header: texts.name,
      rowHeader: true,
      width: 160,
      text: ({ UserName }) => UserName!,
      cell: ({ UserName }) => <ConsoleLink to={holderPath({ kind: 'user', name: UserName! })}>{UserName}</ConsoleLink>,
    },
    { id: 'groups', header: access.sections.groups, text: groups, cell: (user) => groups(user) || '–', width: 150 },
    { id: 'policies', header: texts.ownPolicies, text: policies, cell: (user) => policies(user) || '–', width: 190 },
    { id: 'mfa', header: texts.mfa, text: device, cell: (user) => device(user) || '–', choices: true, width: 120 },
    {
      id: 'lastSignIn',
      header: texts.lastSignIn,
      text: ({ PasswordLastUsed }) => time(PasswordLastUsed),
      cell: ({ PasswordLastUsed }) =>
        PasswordLastUsed ? <Time at={PasswordLastUsed} only="relative" /> : common.never,
      width: 140,
    },
    {
      id: 'created',
      header: access.created,
      text: ({ CreateDate }) => time(CreateDate),
      cell: ({ CreateDate }) => <Time at={CreateDate} only="relative" />,
      width: 140,
    },
    {
      id: 'path',
      header: access.path,
      text: ({ Path }) => Path!,
      cell: ({ Path }) => Path,
      choices: true,
      hidden: true,
    },
    { id: 'id', header: access.id, text: ({ UserId }) => UserId!, cell: ({ UserId }) => UserId, hidden: true },
    { id: 'arn', header: access.arn, text: ({ Arn }) => Arn!, cell: ({ Arn }) => Arn, hidden: true },
  ]
}

function useMore() {
  return useRead<More>('iam', ['user-details'], async () => {
    const [details, devices] = await Promise.all([
      allPages(async (Marker) => {
        const request = new GetAccountAuthorizationDetailsCommand({ Filter: ['User'], Marker, MaxItems: 1000 })
        const answer = await iam().send(request)
        return { items: answer.UserDetailList ?? [], next: answer.Marker }
      }),
      allPages(async (Marker) => {
        const request = new ListVirtualMFADevicesCommand({ AssignmentStatus: 'Assigned', Marker, MaxItems: 1000 })
        const answer = await iam().send(request)
        return { items: answer.VirtualMFADevices ?? [], next: answer.Marker }
      }),
    ])
    return {
      details: new Map(details.map((detail) => [detail.UserName!, detail])),
      withDevice: new Set(devices.flatMap(({ User }) => User?.UserName ?? [])),
    }
  })
}
