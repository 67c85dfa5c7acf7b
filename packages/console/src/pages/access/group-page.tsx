import {
  AddUserToGroupCommand,
  DeleteGroupCommand,
  GetGroupCommand,
  type Group,
  RemoveUserFromGroupCommand,
  type User,
} from '@aws-sdk/client-iam'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Multiselect from '@cloudscape-design/components/multiselect'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { iam } from '#api/clients/iam.ts'
import { useUsers } from '#api/principals.ts'
import { allPages, useAct, useRead } from '#api/queries.ts'
import type { Params } from '#app/area.ts'
import { notify } from '#app/notifications.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Confirm } from '#components/confirm.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Copyable } from '#components/copyable.tsx'
import { Empty } from '#components/empty.tsx'
import { FormDialog } from '#components/form-dialog.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { Properties } from '#components/properties.tsx'
import { shellWords } from '#components/shell-words.ts'
import { ResourceTable, useSelection } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { access } from '#texts/access.ts'
import { listCrumbs } from './access-frame.tsx'
import { deleteInlinePolicy, detach, type Holder, holderPath } from './holder.ts'
import { PoliciesPanel, usePermissions } from './policies-panel.tsx'
import { simulatorPath } from './policy-links.ts'

const texts = access.group

interface Whole {
  readonly group: Group
  readonly users: readonly User[]
}

/** One group: who is in it, and what they may do by it. */
export function GroupPage({ params: { name = '' } }: { params: Params }) {
  const [deleting, setDeleting] = useState(false)
  const read = useRead<Whole>('iam', ['group', name], () => wholeGroup(name))
  return (
    <PageFrame
      title={name}
      above={listCrumbs('groups')}
      description={read.data && <Copyable text={read.data.group.Arn!} />}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <CliCommand command={shellWords('aws', 'iam', 'get-group', '--group-name', name)} />
          <Button onClick={() => setDeleting(true)} disabled={!read.data}>
            {access.delete}
          </Button>
        </SpaceBetween>
      }
    >
      <Loaded read={read}>
        {({ group, users }) => (
          <SpaceBetween size="l">
            <Container>
              <Properties
                columns={3}
                items={[
                  { label: access.created, value: <Time at={group.CreateDate} /> },
                  { label: access.path, value: group.Path! },
                  {
                    label: access.seeAlso,
                    value: <ConsoleLink to={simulatorPath(group.Arn!)}>{access.simulate}</ConsoleLink>,
                  },
                ]}
              />
            </Container>
            <Members name={name} users={users} />
            <PoliciesPanel holder={{ kind: 'group', name }} />
            {deleting && <DeleteGroup name={name} users={users} onClose={() => setDeleting(false)} />}
          </SpaceBetween>
        )}
      </Loaded>
    </PageFrame>
  )
}

async function wholeGroup(GroupName: string): Promise<Whole> {
  let group: Group | undefined
  const users = await allPages(async (Marker) => {
    const { Group, Users = [], Marker: next } = await iam().send(new GetGroupCommand({ GroupName, Marker }))
    group = Group
    return { items: Users, next }
  })
  return { group: group!, users }
}

function Members({ name, users }: { name: string; users: readonly User[] }) {
  const [open, setOpen] = useState<'add' | 'remove'>()
  const selection = useSelection<User>(users, userName)
  const leaving = selection.selected.map(userName)
  const remove = useAct(['iam'], async () => {
    for (const UserName of leaving) await iam().send(new RemoveUserFromGroupCommand({ GroupName: name, UserName }))
  })
  return (
    <>
      <ResourceTable<User>
        name="group-members"
        prefix="members-"
        variant="container"
        title={texts.members}
        searchable={users.length > 10}
        idOf={userName}
        items={users}
        selection={selection}
        command={shellWords('aws', 'iam', 'get-group', '--group-name', name, '--query', 'Users[].UserName')}
        empty={<Empty title={texts.noMembers}>{texts.noMembersHint}</Empty>}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button disabled={leaving.length === 0} onClick={() => setOpen('remove')}>
              {texts.remove}
            </Button>
            <Button onClick={() => setOpen('add')}>{texts.add}</Button>
          </SpaceBetween>
        }
        columns={[
          {
            id: 'name',
            header: access.users.name,
            rowHeader: true,
            width: 300,
            text: userName,
            cell: (user) => (
              <ConsoleLink to={holderPath({ kind: 'user', name: userName(user) })}>{userName(user)}</ConsoleLink>
            ),
          },
          {
            id: 'created',
            header: access.created,
            text: ({ CreateDate }) => CreateDate!.toISOString(),
            cell: ({ CreateDate }) => <Time at={CreateDate} only="relative" />,
          },
        ]}
      />
      {open === 'add' && <AddMembers name={name} current={users.map(userName)} onClose={() => setOpen(undefined)} />}
      {open === 'remove' && (
        <Confirm
          title={texts.removeTitle(leaving.length, name)}
          act={texts.remove}
          command={leaving.map((user) => memberCommand('remove-user-from-group', name, user)).join('\n')}
          onConfirm={() => remove.mutateAsync(undefined)}
          onClose={() => setOpen(undefined)}
        >
          {texts.removeHint(leaving)}
        </Confirm>
      )}
    </>
  )
}

function userName({ UserName }: User): string {
  return UserName!
}

function memberCommand(verb: string, group: string, user: string): string {
  return shellWords('aws', 'iam', verb, '--group-name', group, '--user-name', user)
}

function AddMembers({ name, current, onClose }: { name: string; current: readonly string[]; onClose: () => void }) {
  const users = useUsers()
  const [chosen, setChosen] = useState<readonly string[]>([])
  const add = useAct(['iam'], async () => {
    for (const UserName of chosen) await iam().send(new AddUserToGroupCommand({ GroupName: name, UserName }))
  })
  const free = users.data?.map(userName).filter((user) => !current.includes(user)) ?? []
  return (
    <FormDialog
      title={texts.addTitle(name)}
      act={texts.add}
      disabled={chosen.length === 0}
      command={chosen.map((user) => memberCommand('add-user-to-group', name, user)).join('\n')}
      onSubmit={() => add.mutateAsync(undefined)}
      onClose={onClose}
    >
      <FormField label={access.sections.users}>
        <Multiselect
          selectedOptions={chosen.map((value) => ({ value, label: value }))}
          options={free.map((value) => ({ value, label: value }))}
          onChange={({ detail }) => setChosen(detail.selectedOptions.map(({ value }) => value!))}
          filteringType="auto"
          placeholder={texts.chooseUsers}
          empty={texts.noMore}
          expandToViewport
        />
      </FormField>
    </FormDialog>
  )
}

function DeleteGroup({ name, users, onClose }: { name: string; users: readonly User[]; onClose: () => void }) {
  const [, navigate] = useLocation()
  const holder: Holder = { kind: 'group', name }
  const permissions = usePermissions(holder)
  const remove = useAct(['iam'], async () => {
    for (const user of users)
      await iam().send(new RemoveUserFromGroupCommand({ GroupName: name, UserName: userName(user) }))
    for (const { arn, name: policy } of permissions.data ?? [])
      await (arn === undefined ? deleteInlinePolicy(holder, policy) : detach(holder, arn))
    await iam().send(new DeleteGroupCommand({ GroupName: name }))
  })
  return (
    <Confirm
      title={texts.deleteTitle(name)}
      act={access.delete}
      word={name}
      command={shellWords('aws', 'iam', 'delete-group', '--group-name', name)}
      onConfirm={async () => {
        await remove.mutateAsync(undefined)
        notify({ type: 'success', header: texts.deleted(name) })
        navigate('/access/groups')
      }}
      onClose={onClose}
    >
      {texts.deleteHint(users.length, permissions.data?.length ?? 0)}
    </Confirm>
  )
}
