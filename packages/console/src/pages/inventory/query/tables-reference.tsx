import Box from '@cloudscape-design/components/box'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import { queryTexts as texts } from '#texts/inventory-query.ts'
import type { QueryTable } from './sql-language.ts'

/** The tables that a query may name, with their columns. */
export function TablesReference({ tables }: { tables: readonly QueryTable[] }) {
  return (
    <ExpandableSection headerText={`${texts.tables} (${tables.length})`}>
      <KeyValuePairs
        columns={2}
        minColumnWidth={280}
        items={tables.map(({ name, columns, of }) => ({
          label: `${name} · ${of}`,
          value: <Box variant="code">{columns.join(', ')}</Box>,
        }))}
      />
    </ExpandableSection>
  )
}
