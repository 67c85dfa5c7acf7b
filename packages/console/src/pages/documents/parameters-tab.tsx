import Box from '@cloudscape-design/components/box'
import { useMemo } from 'react'
import { Empty } from '#components/empty.tsx'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { documents } from '#texts/documents.ts'
import { type Parameter, parametersOf } from './content.ts'
import type { DocumentTabProps } from './document-tabs.tsx'
import { contentCommand, useContent } from './documents-data.ts'

const texts = documents.parameters

/** What whoever runs the document says, and what is allowed. */
export function ParametersTab({ name, document }: DocumentTabProps) {
  const read = useContent(name, document.DocumentVersion!, 'JSON')
  const items = useMemo(() => read.data && parametersOf(read.data), [read.data])
  return (
    <ResourceTable
      name="document-parameters"
      prefix="p."
      variant="container"
      title={documents.tabs.parameters}
      searchable={false}
      columns={COLUMNS}
      idOf={({ name: parameter }) => parameter}
      items={items || undefined}
      error={read.error}
      retry={() => void read.refetch()}
      command={contentCommand(name, document.DocumentVersion!)}
      empty={<Empty title={texts.none}>{texts.noneHint}</Empty>}
    />
  )
}

const COLUMNS: readonly Column<Parameter>[] = [
  {
    id: 'name',
    header: texts.name,
    cell: ({ name }) => <span className="st-mono">{name}</span>,
    text: ({ name }) => name,
    rowHeader: true,
    width: 150,
  },
  {
    id: 'description',
    header: texts.description,
    cell: ({ description }) => <span className="st-lines">{description || '–'}</span>,
    text: ({ description }) => description,
    width: 260,
  },
  { id: 'type', header: texts.type, cell: ({ type }) => type, text: ({ type }) => type, width: 110 },
  {
    id: 'required',
    header: texts.required,
    cell: (one) => (one.default === undefined ? texts.yes : texts.no),
    text: (one) => (one.default === undefined ? texts.yes : texts.no),
    width: 130,
  },
  {
    id: 'default',
    header: texts.default,
    cell: (one) => <Default of={one} />,
    text: (one) => one.default ?? '',
    width: 130,
  },
  { id: 'allowed', header: texts.allowed, cell: allowedText, text: allowedText, width: 200 },
]

function Default({ of }: { of: Parameter }) {
  if (of.default) return <span className="st-mono">{of.default}</span>
  return <Box color="text-status-inactive">{of.default === undefined ? texts.noDefault : texts.emptyDefault}</Box>
}

function allowedText({ allowedValues, allowedPattern, minChars, maxChars }: Parameter): string {
  const said = [
    allowedValues.length > 0 && allowedValues.join(', '),
    allowedPattern && texts.pattern(allowedPattern),
    minChars && maxChars && texts.length(minChars, maxChars),
    minChars && !maxChars && texts.atLeast(minChars),
    !minChars && maxChars && texts.atMost(maxChars),
  ].filter(Boolean)
  return said.join('; ') || texts.anything
}
