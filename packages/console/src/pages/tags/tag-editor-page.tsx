import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ResourceTagMapping } from '@steward/model/generated/resourcegroupstaggingapi.ts'
import { useMemo, useState } from 'react'
import { useSearchParams } from 'wouter'
import { Empty } from '#components/empty.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import type { Column } from '#components/table/column.ts'
import { ResourceTable, useSelection } from '#components/table/resource-table.tsx'
import { useSettled } from '#pages/commands/run/use-settled.ts'
import { nameColumn, useResourceNames } from '#pages/groups/member-columns.tsx'
import { TagFilters, TypesField } from '#pages/groups/query-fields.tsx'
import { tagEditor as texts } from '#texts/tag-editor.ts'
import { EditTags } from './edit-tags.tsx'
import { type Finding, findCommand, findingFrom, searchOf, typeOfArn, useFound } from './find.ts'

const arnOf = ({ ResourceARN = '' }: ResourceTagMapping) => ResourceARN

/** Finds resources of every type by their tags, and changes the tags of many. */
export function TagEditorPage() {
  const [search, setSearch] = useSearchParams()
  const [finding, setFinding] = useState(() => findingFrom(search))
  const settled = useSettled(finding)
  const read = useFound(settled)
  const selection = useSelection(read.data?.items, arnOf)
  const nameOf = useResourceNames((read.data?.items ?? []).map(arnOf))
  const columns = useMemo(() => [nameColumn(arnOf, nameOf), ...COLUMNS], [nameOf])
  const [editing, setEditing] = useState<readonly ResourceTagMapping[]>()
  const change = (part: Partial<Finding>) => {
    const next = { ...finding, ...part }
    setFinding(next)
    setSearch(searchOf(next), { replace: true })
  }
  return (
    <PageFrame title={texts.title} description={texts.description}>
      <SpaceBetween size="l">
        <Container header={<Header variant="h2">{texts.find}</Header>}>
          <SpaceBetween size="m">
            <TypesField types={finding.types} onChange={(types) => change({ types })} />
            <TagFilters tags={finding.tags} onChange={(tags) => change({ tags })} />
          </SpaceBetween>
        </Container>
        <ResourceTable
          name="tagged"
          prefix="r-"
          variant="container"
          title={texts.found}
          columns={columns}
          idOf={arnOf}
          items={read.data?.items}
          error={read.error}
          retry={() => void read.refetch()}
          reading={read.isFetching}
          selection={selection}
          command={findCommand(settled)}
          actions={
            <Button
              variant="primary"
              disabled={selection.selected.length === 0}
              onClick={() => setEditing(selection.selected)}
            >
              {texts.edit}
            </Button>
          }
          footer={read.data?.isCut && <Box color="text-body-secondary">{texts.first(read.data.items.length)}</Box>}
          empty={<Empty title={texts.empty}>{texts.emptyBody}</Empty>}
        />
      </SpaceBetween>
      {editing && <EditTags resources={editing} onClose={() => setEditing(undefined)} />}
    </PageFrame>
  )
}

const COLUMNS: readonly Column<ResourceTagMapping>[] = [
  {
    id: 'type',
    header: texts.columns.type,
    cell: (resource) => typeOfArn(arnOf(resource)),
    text: (resource) => typeOfArn(arnOf(resource)),
    choices: true,
    width: 200,
  },
  {
    id: 'tags',
    header: texts.columns.tags,
    cell: ({ Tags = [] }) => (Tags.length === 0 ? '–' : <TagWords tags={Tags} />),
    text: ({ Tags = [] }) => Tags.map(({ Key, Value }) => `${Key}=${Value}`).join(', '),
    width: 340,
  },
  {
    id: 'arn',
    header: texts.columns.arn,
    cell: (resource) => <span className="st-mono">{arnOf(resource)}</span>,
    text: arnOf,
    width: 420,
  },
]

function TagWords({ tags }: { tags: readonly { Key: string; Value: string }[] }) {
  return (
    <>
      {tags.map(({ Key, Value }) => (
        <div key={Key}>
          <bdi>{Key}</bdi> = <bdi>{Value}</bdi>
        </div>
      ))}
    </>
  )
}
