import Box from '@cloudscape-design/components/box'
import { Empty } from '#components/empty.tsx'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { useSettled } from '#pages/commands/run/use-settled.ts'
import { groups } from '#texts/groups.ts'
import { type GroupDraft, resourceQuery } from './group-draft.ts'
import { arnOf, useMemberColumns } from './member-columns.tsx'
import { usePreview } from './read-groups.ts'

const { form: texts } = groups

/** Who would be in the group, as of now. */
export function Preview({ draft }: { draft: GroupDraft }) {
  const query = useSettled(JSON.stringify(resourceQuery(draft)))
  const read = usePreview(query)
  const columns = useMemberColumns(read.data?.items)
  return (
    <ResourceTable
      name="group-preview"
      prefix="p-"
      variant="container"
      title={texts.preview}
      columns={columns}
      idOf={arnOf}
      items={read.data?.items}
      error={read.error}
      reading={read.isFetching}
      searchable={false}
      footer={read.data?.isCut && <Box color="text-body-secondary">{texts.previewMore(read.data.items.length)}</Box>}
      empty={<Empty title={texts.previewNone}>{texts.previewNoneHints[draft.kind]}</Empty>}
    />
  )
}
