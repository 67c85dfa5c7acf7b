import Button from '@cloudscape-design/components/button'
import type { GroupIdentifier } from '@steward/model/generated/resource-groups.ts'
import { useState } from 'react'
import { ButtonLink } from '#components/button-link.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable, useSelection } from '#components/table/resource-table.tsx'
import { groups as texts } from '#texts/groups.ts'
import { DeleteGroups } from './delete-groups.tsx'
import { groupPage } from './group-address.ts'
import { useGroups } from './read-groups.ts'

const nameOf = ({ GroupName = '' }: GroupIdentifier) => GroupName

/** All resource groups. */
export function GroupsPage() {
  const read = useGroups()
  const selection = useSelection(read.data, nameOf)
  const [deleting, setDeleting] = useState(false)
  const chosen = selection.selected.map(nameOf)
  return (
    <PageFrame title={texts.title} contentType="table" titleInContent>
      <ResourceTable
        name="groups"
        title={texts.title}
        description={texts.description}
        columns={COLUMNS}
        idOf={nameOf}
        items={read.data}
        error={read.error}
        retry={() => void read.refetch()}
        reading={read.isFetching}
        selection={selection}
        sortedBy={{ column: 'name', descending: false }}
        command={shellWords('aws', 'resource-groups', 'list-groups')}
        actions={
          <>
            <Button disabled={chosen.length === 0} onClick={() => setDeleting(true)}>
              {texts.delete}
            </Button>
            <ButtonLink to="/groups/new" variant="primary">
              {texts.create}
            </ButtonLink>
          </>
        }
        empty={
          <Empty title={texts.empty.title} action={<ButtonLink to="/groups/new">{texts.create}</ButtonLink>}>
            {texts.empty.body}
          </Empty>
        }
      />
      {deleting && <DeleteGroups names={chosen} onClose={() => setDeleting(false)} />}
    </PageFrame>
  )
}

const COLUMNS: readonly Column<GroupIdentifier>[] = [
  {
    id: 'name',
    header: texts.columns.name,
    cell: (group) => <ConsoleLink to={groupPage(nameOf(group))}>{nameOf(group)}</ConsoleLink>,
    text: nameOf,
    rowHeader: true,
    width: 280,
  },
  {
    id: 'description',
    header: texts.columns.description,
    cell: ({ Description }) => Description || '–',
    text: ({ Description = '' }) => Description,
    width: 420,
  },
  {
    id: 'application',
    header: texts.columns.application,
    cell: ({ DisplayName }) => DisplayName || '–',
    text: ({ DisplayName = '' }) => DisplayName,
    hidden: true,
    width: 200,
  },
  {
    id: 'owner',
    header: texts.columns.owner,
    cell: ({ Owner }) => Owner || '–',
    text: ({ Owner = '' }) => Owner,
    hidden: true,
    width: 200,
  },
  {
    id: 'arn',
    header: texts.columns.arn,
    cell: ({ GroupArn }) => <span className="st-mono">{GroupArn}</span>,
    text: ({ GroupArn = '' }) => GroupArn,
    width: 420,
  },
]
