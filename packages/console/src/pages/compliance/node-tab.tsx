import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Grid from '@cloudscape-design/components/grid'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMemo } from 'react'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { compliance } from '#texts/compliance.ts'
import { cutNote } from './cut-note.tsx'
import { idOfItem, itemColumns } from './item-columns.tsx'
import { equal, useItems, useSummaries } from './read-compliance.ts'
import { Severity, Standing } from './standing.tsx'
import { typePage } from './type-page-address.ts'

const { node: texts } = compliance
const CARD = { default: 12, xs: 6, m: 4 }

/** How one node stands with each type, and all its items. */
export function ComplianceTab({ node }: { node: string }) {
  const columns = useMemo(() => itemColumns(), [])
  const items = useItems(node, [])
  return (
    <SpaceBetween size="l">
      <Types node={node} />
      <ResourceTable
        name="node-compliance"
        prefix="i-"
        variant="container"
        title={texts.items}
        columns={columns}
        idOf={idOfItem}
        items={items.data?.items}
        error={items.error}
        retry={() => void items.refetch()}
        reading={items.isFetching}
        sortedBy={{ column: 'status', descending: true }}
        command={shellWords(
          ...['aws', 'ssm', 'list-compliance-items', '--resource-ids', node, '--resource-types', 'ManagedInstance'],
        )}
        footer={cutNote(items.data)}
        empty={<Empty title={texts.empty}>{texts.emptyBody}</Empty>}
      />
    </SpaceBetween>
  )
}

function Types({ node }: { node: string }) {
  const filters = useMemo(() => equal('InstanceId', node), [node])
  const summaries = useSummaries(filters).data?.items ?? []
  if (summaries.length === 0) return null
  return (
    <Grid gridDefinition={summaries.map(() => ({ colspan: CARD }))}>
      {summaries.map(({ ComplianceType = '', Status, OverallSeverity, ExecutionSummary, ...counts }) => {
        const failing = counts.NonCompliantSummary?.NonCompliantCount ?? 0
        const all = failing + (counts.CompliantSummary?.CompliantCount ?? 0)
        return (
          <Container
            key={ComplianceType}
            fitHeight
            header={
              <Header variant="h2">
                <ConsoleLink to={typePage(ComplianceType)} fontSize="heading-m">
                  {ComplianceType}
                </ConsoleLink>
              </Header>
            }
          >
            <SpaceBetween size="xs">
              <SpaceBetween size="s" direction="horizontal">
                <Standing status={Status} />
                {failing > 0 && <Severity severity={OverallSeverity} />}
              </SpaceBetween>
              <Box variant="small" color="text-body-secondary">
                {texts.counts(failing, all)} · <Time at={ExecutionSummary?.ExecutionTime} only="relative" />
              </Box>
            </SpaceBetween>
          </Container>
        )
      })}
    </Grid>
  )
}
