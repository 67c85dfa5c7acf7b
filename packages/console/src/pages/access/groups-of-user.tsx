import {
  AddUserToGroupCommand,
  type Group,
  ListGroupsForUserCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Multiselect from '@cloudscape-design/components/multiselect'
import { useState } from 'react'
import { iam } from '#api/clients/iam.ts'
import { useGroups } from '#api/principals.ts'
import { allPages, useAct, useRead } from '#api/queries.ts'
import { Confirm } from '#components/confirm.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { FormDialog } from '#components/form-dialog.tsx'
import { shellWords } from '#components/shell-words.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { Time } from '#components/time.tsx'
import { access } from '#texts/access.ts'
import { holderPath } from './holder.ts'

const texts = access.memberships

/** The groups that a user is in. */
export function GroupsOfUser({ name }: { name: string }) {
  const [adding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<string>()
  const read = useGroupsOf(name)
  const leave = useAct(['iam'], (GroupName: string) =>
    iam().send(new RemoveUserFromGroupCommand({ UserName: name, GroupName })),
  )
  return (
    <>
      <ListPanel<Group>
        name="user-groups"
        prefix="groups-"
        title={access.sections.groups}
        idOf={({ GroupName }) => GroupName!}
        read={read}
        command={shellWords('aws', 'iam', 'list-groups-for-user', '--user-name', name)}
        empty={<Empty title={texts.none}>{texts.noneHint}</Empty>}
        actions={<Button onClick={() => setAdding(true)}>{texts.add}</Button>}
        columns={[
          {
            id: 'name',
            header: access.groups.name,
            rowHeader: true,
            width: 360,
            text: ({ GroupName }) => GroupName!,
            cell: ({ GroupName }) => (
              <ConsoleLink to={holderPath({ kind: 'group', name: GroupName! })}>{GroupName}</ConsoleLink>
            ),
          },
          {
            id: 'created',
            header: access.created,
            text: ({ CreateDate }) => CreateDate!.toISOString(),
            cell: ({ CreateDate }) => <Time at={CreateDate} only="relative" />,
          },
          {
            id: 'acts',
            header: access.acts,
            cell: ({ GroupName }) => (
              <Button
                variant="inline-link"
                ariaLabel={texts.leaveOf(GroupName!)}
                onClick={() => setLeaving(GroupName!)}
              >
                {texts.leave}
              </Button>
            ),
          },
        ]}
      />
      {adding && (
        <AddToGroupsDialog
          name={name}
          current={read.data?.map(({ GroupName }) => GroupName!) ?? []}
          onClose={() => setAdding(false)}
        />
      )}
      {leaving && (
        <Confirm
          title={texts.leaveTitle(name, leaving)}
          act={texts.leave}
          command={shellWords('aws', 'iam', 'remove-user-from-group', '--user-name', name, '--group-name', leaving)}
          onConfirm={() => leave.mutateAsync(leaving)}
          onClose={() => setLeaving(undefined)}
        >
          {texts.leaveHint(name)}
        </Confirm>
      )}
    </>
  )
}

export function useGroupsOf(name: string) {
  return useRead<Group[]>('iam', ['groups-of', name], () =>
    allPages(async (Marker) => {
      const answer = await iam().send(new ListGroupsForUserCommand({ UserName: name, Marker }))
      return { items: answer.Groups ?? [], next: answer.Marker }
    }),
  )
}

function AddToGroupsDialog({
  name,
  current,
  onClose,
}: {
  name: string
  current: readonly string[]
  onClose: () => void
}) {
  const groups = useGroups()
  const [chosen, setChosen] = useState<readonly string[]>([])
  const add = useAct(['iam'], async () => {
    for (const GroupName of chosen) await iam().send(new AddUserToGroupCommand({ UserName: name, GroupName }))
  })
  const free = groups.data?.flatMap(({ GroupName }) => (current.includes(GroupName!) ? [] : [GroupName!])) ?? []
  return (
    <FormDialog
      title={texts.addTitle(name)}
      act={texts.add}
      disabled={chosen.length === 0}
      command={chosen
        .map((group) => shellWords('aws', 'iam', 'add-user-to-group', '--user-name', name, '--group-name', group))
        .join('\n')}
      onSubmit={async () => {
        await add.mutateAsync(undefined)
      }}
      onClose={onClose}
    >
      <FormField label={access.sections.groups}>
        <Multiselect
          selectedOptions={chosen.map((value) => ({ value, label: value }))}
          options={free.map((value) => ({ value, label: value }))}
          onChange={({ detail }) => setChosen(detail.selectedOptions.map(({ value }) => value!))}
          filteringType="auto"
          placeholder={access.createUser.chooseGroups}
          empty={texts.noMore}
          expandToViewport
        />
      </FormField>
    </FormDialog>
  )
}
