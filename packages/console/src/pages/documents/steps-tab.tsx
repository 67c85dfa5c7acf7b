import { ACTIONS, PLUGINS } from '@steward/protocol/document/index.ts'
import { useMemo } from 'react'
import { Empty } from '#components/empty.tsx'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { documents } from '#texts/documents.ts'
import { type Step, stepsOf } from './content.ts'
import { platformsText } from './document-columns.tsx'
import type { DocumentTabProps } from './document-tabs.tsx'
import { contentCommand, useContent } from './documents-data.ts'

const texts = documents.steps

/** What the document does, in its order. */
export function StepsTab({ name, document }: DocumentTabProps) {
  const read = useContent(name, document.DocumentVersion!, 'JSON')
  const items = useMemo(() => (read.data === undefined ? undefined : stepsOf(read.data)), [read.data])
  return (
    <ResourceTable
      name="document-steps"
      prefix="s."
      variant="container"
      title={documents.tabs.steps}
      searchable={false}
      columns={COLUMNS}
      idOf={({ number }) => String(number)}
      items={items}
      error={read.error}
      retry={() => void read.refetch()}
      command={contentCommand(name, document.DocumentVersion!)}
      empty={<Empty title={texts.none} />}
    />
  )
}

const COLUMNS: readonly Column<Step>[] = [
  {
    id: 'number',
    header: texts.number,
    cell: ({ number }) => number,
    text: ({ number }) => String(number),
    sort: ({ number }) => number,
    number: true,
    width: 80,
    minWidth: 60,
  },
  {
    id: 'name',
    header: texts.name,
    cell: ({ name }) => name,
    text: ({ name }) => name,
    rowHeader: true,
    width: 160,
  },
  {
    id: 'action',
    header: texts.action,
    cell: ({ action }) => <span className="st-mono">{action}</span>,
    text: ({ action }) => action,
    width: 210,
  },
  { id: 'does', header: texts.does, cell: doesText, text: doesText, width: 220 },
  { id: 'platforms', header: texts.platforms, cell: whereText, text: whereText, width: 150 },
  { id: 'failure', header: texts.after, cell: failureText, text: failureText, width: 200 },
]

function doesText({ action, description }: Step): string {
  return description ?? PLUGINS[action]?.description ?? ACTIONS[action]?.description ?? '–'
}

function whereText({ action, precondition }: Step): string {
  if (precondition) {
    const [one, other] = precondition
    return one === 'platformType' ? texts.where(platformsText([other])) : texts.when(one, other)
  }
  const platforms = PLUGINS[action]?.platforms
  return !platforms || platforms.length === 3 ? texts.everywhere : platformsText(platforms)
}

function failureText({ onFailure }: Step): string {
  if (onFailure === 'exit' || onFailure === 'Abort') return texts.exits
  if (onFailure === 'successAndExit') return texts.succeeds
  return onFailure ?? texts.goesOn
}
