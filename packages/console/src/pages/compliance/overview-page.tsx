import Grid from '@cloudscape-design/components/grid'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { ButtonLink } from '#components/button-link.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Empty } from '#components/empty.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { stewardCall } from '#components/steward-call.ts'
import { RegionsChoice } from '#pages/inventory/syncs/regions-choice.tsx'
import { compliance as texts } from '#texts/compliance.ts'
import { Comparison } from './comparison.tsx'
import { FailingItems } from './failing-items.tsx'
import { HistoryTable } from './history-table.tsx'
import { NarrowBar } from './narrow-bar.tsx'
import { type Narrowing, narrowingFrom, overviewInput, searchOf } from './narrowing.ts'
import { type Overview, useOverview } from './read-compliance.ts'
import { TypeCards } from './type-cards.tsx'
import { WorstNodes } from './worst-nodes.tsx'

/** The compliance of the fleet, or of a part of it, now and over time. */
export function OverviewPage() {
  const [search, setSearch] = useSearchParams()
  const [opened] = useState(Date.now)
  const narrowing = narrowingFrom(search)
  const input = overviewInput(narrowing, opened)
  const read = useOverview(input)
  const narrow = (change: Partial<Narrowing>) => setSearch(searchOf({ ...narrowing, ...change }), { replace: true })
  return (
    <PageFrame
      title={texts.title}
      description={texts.description}
      contentType="dashboard"
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <ButtonLink to="/compliance/evidence">{texts.evidence}</ButtonLink>
          <CliCommand command={stewardCall('GetComplianceOverview', input)} />
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        <RegionsChoice value={narrowing.sync} onChange={(sync) => narrow({ sync })} />
        <NarrowBar narrowing={narrowing} onChange={narrow} />
        <Loaded read={read}>
          {(overview) => <Shown overview={overview} narrowing={narrowing} onNarrow={narrow} />}
        </Loaded>
      </SpaceBetween>
    </PageFrame>
  )
}

const WIDE = { default: 12, m: 6 }

interface ShownProps {
  readonly overview: Overview
  readonly narrowing: Narrowing
  readonly onNarrow: (change: Partial<Narrowing>) => void
}

function Shown({ overview, narrowing, onNarrow }: ShownProps) {
  const { by, days } = narrowing
  if (overview.Types.length === 0 && !by)
    return (
      <Empty title={texts.empty.title} action={<ButtonLink to="/associations/new">{texts.empty.act}</ButtonLink>}>
        {texts.empty.body}
      </Empty>
    )
  return (
    <SpaceBetween size="l">
      <TypeCards overview={overview} days={days} />
      {by && overview.Groups && <Comparison by={by} groups={overview.Groups} onNarrow={onNarrow} />}
      <Grid gridDefinition={[{ colspan: WIDE }, { colspan: WIDE }]}>
        <WorstNodes nodes={overview.Worst} />
        <FailingItems items={overview.FailingItems} />
      </Grid>
      <HistoryTable trend={overview.Trend} />
    </SpaceBetween>
  )
}
