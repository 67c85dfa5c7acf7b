import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Grid from '@cloudscape-design/components/grid'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { instant } from '#api/wire.ts'
import { BigNumber } from '#components/big-number.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { StackedBar } from '#components/stacked-bar.tsx'
import { Time } from '#components/time.tsx'
import { compliance } from '#texts/compliance.ts'
import type { Overview } from './read-compliance.ts'
import { standingParts } from './standing.tsx'
import { Trend } from './trend.tsx'
import { typePage } from './type-page-address.ts'

const { types: texts } = compliance
const CARD = { default: 12, xs: 6, m: 4 }

/** The whole fleet, and each type: how many are compliant, how severely the others are not, and how that was. */
export function TypeCards({ overview, days }: { overview: Overview; days: number }) {
  return (
    <Grid gridDefinition={[{ colspan: CARD }, ...overview.Types.map(() => ({ colspan: CARD }))]}>
      <AllTypes counts={overview.Nodes} />
      {overview.Types.map((type) => (
        <TypeCard key={type.ComplianceType} type={type} trend={overview.Trend} days={days} />
      ))}
    </Grid>
  )
}

/** How many nodes are compliant with everything. */
export function AllTypes({ counts }: { counts: Overview['Nodes'] }) {
  return (
    <Container header={<Header variant="h2">{compliance.nodes.title}</Header>} fitHeight>
      <SpaceBetween size="s">
        <BigNumber number={counts.Compliant} of={compliance.nodes.of(counts.Total)} />
        <StackedBar parts={standingParts(counts)} />
      </SpaceBetween>
    </Container>
  )
}

interface TypeCardProps {
  readonly type: Overview['Types'][number]
  readonly trend: Overview['Trend']
  readonly days: number
}

function TypeCard({ type, trend, days }: TypeCardProps) {
  const { ComplianceType: name, Compliant, NonCompliant, CompliantItems, NonCompliantItems, LatestExecution } = type
  return (
    <Container
      header={
        <Header variant="h2">
          <ConsoleLink to={typePage(name)} fontSize="heading-m">
            {name}
          </ConsoleLink>
        </Header>
      }
      fitHeight
    >
      <SpaceBetween size="s">
        <BigNumber number={Compliant} of={texts.of(Compliant + NonCompliant)} />
        <StackedBar parts={standingParts(type, (part) => typePage(name, part))} />
        <Trend type={name} trend={trend} days={days} />
        <Box variant="small" color="text-body-secondary">
          {texts.items(NonCompliantItems, CompliantItems + NonCompliantItems)} · {texts.latest}{' '}
          <Time at={instant(LatestExecution)} only="relative" />
        </Box>
      </SpaceBetween>
    </Container>
  )
}
