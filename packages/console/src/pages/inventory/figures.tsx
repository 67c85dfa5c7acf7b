import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import {
  colorChartsStatusHigh,
  colorChartsStatusInfo,
  colorChartsStatusNeutral,
  colorChartsStatusPositive,
} from '@cloudscape-design/design-tokens'
import { type Part, StackedBar } from '#components/stacked-bar.tsx'
import { inventory } from '#texts/inventory.ts'
import { queryTexts } from '#texts/inventory-query.ts'
import { queryAddress } from './addresses.ts'
import type { Summary } from './read-inventory.ts'

/** How many nodes report, and how lately. */
export function Coverage({ nodes: { Total, Reporting, ReportingLastDay } }: { nodes: Summary['Nodes'] }) {
  const { coverage: texts } = inventory
  return (
    <Figure
      title={texts.title}
      number={Reporting}
      of={texts.of(Total)}
      parts={[
        { label: texts.day, count: ReportingLastDay, color: colorChartsStatusPositive },
        { label: texts.earlier, count: Reporting - ReportingLastDay, color: colorChartsStatusNeutral },
        {
          label: texts.never,
          count: Total - Reporting,
          color: colorChartsStatusHigh,
          to: queryAddress(queryTexts.given.silent.text),
        },
      ]}
    />
  )
}

/** What changed in the last day, by kind. */
export function Changed({ changes }: { changes: Summary['Changes'] }) {
  const { changes: texts } = inventory
  const { Added, Removed, Updated, Nodes } = changes
  const total = Added + Removed + Updated
  const part = (kind: keyof typeof texts.kinds, count: number, color: string) => ({
    label: texts.kinds[kind],
    count,
    color,
    to: `/inventory/changes?${new URLSearchParams({ kind, days: '1' })}`,
  })
  return (
    <Figure
      title={texts.lastDay}
      number={total}
      of={texts.of(total, Nodes)}
      parts={[
        part('Added', Added, colorChartsStatusPositive),
        part('Updated', Updated, colorChartsStatusInfo),
        part('Removed', Removed, colorChartsStatusHigh),
      ]}
    />
  )
}

interface FigureProps {
  readonly title: string
  readonly number: number
  readonly of: string
  readonly parts: readonly Part[]
}

function Figure({ title, number, of, parts }: FigureProps) {
  return (
    <Container header={<Header variant="h2">{title}</Header>} fitHeight>
      <SpaceBetween size="s">
        <div>
          <span className="st-figure st-number">{number.toLocaleString('en')}</span>{' '}
          <Box variant="span" color="text-body-secondary">
            {of}
          </Box>
        </div>
        {parts.some(({ count }) => count > 0) && <StackedBar parts={parts} />}
      </SpaceBetween>
    </Container>
  )
}
