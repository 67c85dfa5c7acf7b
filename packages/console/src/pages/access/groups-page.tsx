import { CreateGroupCommand, type Group } from '@aws-sdk/client-iam'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { iam } from '#api/clients/iam.ts'
import { useGroups } from '#api/principals.ts'
import { useAct } from '#api/queries.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { FormDialog } from '#components/form-dialog.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { access } from '#texts/access.ts'
import { AccessFrame } from './access-frame.tsx'
import { holderPath } from './holder.ts'

const texts = access.groups

const COLUMNS: readonly Column<Group>[] = [
  {
    id: 'name',
    header: texts.name,
    rowHeader: true,
    width: 300,
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
  { id: 'path', header: access.path, text: ({ Path }) => Path!, cell: ({ Path }) => Path, choices: true },
  { id: 'arn', header: access.arn, text: ({ Arn }) => Arn!, cell: ({ Arn }) => Arn, width: 360 },
]

export function GroupsPage() {
  const [creating, setCreating] = useState(false)
  const groups = useGroups()
  const button = (
    <Button variant="primary" onClick={() => setCreating(true)}>
      {texts.create}
    </Button>
  )
  return (
    <AccessFrame section="groups">
      <ResourceTable<Group>
        name="groups"
        variant="container"
        title={access.sections.groups}
        columns={COLUMNS}
        idOf={({ GroupName }) => GroupName!}
        items={groups.data}
        error={groups.error}
        retry={() => void groups.refetch()}
        reading={groups.isFetching}
        sortedBy={{ column: 'name', descending: false }}
        placeholder={texts.find}
        command="aws iam list-groups"
        empty={
          <Empty title={texts.empty} action={<Button onClick={() => setCreating(true)}>{texts.create}</Button>}>
            {texts.emptyHint}
          </Empty>
        }
        actions={button}
      />
      {creating && <CreateGroupDialog onClose={() => setCreating(false)} />}
    </AccessFrame>
  )
}

function CreateGroupDialog({ onClose }: { onClose: () => void }) {
  const [, navigate] = useLocation()
  const [name, setName] = useState('')
  const create = useAct(['iam'], () => iam().send(new CreateGroupCommand({ GroupName: name })))
  return (
    <FormDialog
      title={texts.create}
      act={texts.create}
      disabled={name === ''}
      command={shellWords('aws', 'iam', 'create-group', '--group-name', name || 'NAME')}
      onSubmit={async () => {
        await create.mutateAsync(undefined)
        navigate(holderPath({ kind: 'group', name }))
      }}
      onClose={onClose}
    >
      <FormField label={texts.name} constraintText={access.createUser.nameHint}>
        <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus spellcheck={false} />
      </FormField>
    </FormDialog>
  )
}
