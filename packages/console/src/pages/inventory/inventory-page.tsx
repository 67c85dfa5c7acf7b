import Alert from '@cloudscape-design/components/alert'
import Grid from '@cloudscape-design/components/grid'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useSearchParams } from 'wouter'
import { ButtonLink } from '#components/button-link.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Empty } from '#components/empty.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { stewardCall } from '#components/steward-call.ts'
import { inventory as texts } from '#texts/inventory.ts'
import { nodes as nodeTexts } from '#texts/nodes.ts'
import { COLLECT, typeAddress } from './addresses.ts'
import { type Counted, CountedBars } from './counted-bars.tsx'
import { Deletions } from './deletions.tsx'
import { Changed, Coverage } from './figures.tsx'
import { LatestChanges } from './latest-changes.tsx'
import { type Summary, summaryInput, useSummary } from './read-inventory.ts'
import { RegionsChoice } from './syncs/regions-choice.tsx'
import { TypesTable } from './types-table.tsx'

/** What is on the nodes, at a glance. */
export function InventoryPage() {
  const [search, setSearch] = useSearchParams()
  const sync = search.get('sync') ?? ''
  const read = useSummary(sync)
  return (
    <PageFrame
      title={texts.title}
      description={texts.description}
      contentType="dashboard"
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <CliCommand command={stewardCall('GetInventorySummary', summaryInput(sync))} />
          <ButtonLink to="/inventory/syncs">{texts.syncs}</ButtonLink>
          <ButtonLink to="/inventory/query">{texts.query}</ButtonLink>
          <ButtonLink to="/inventory/ask">{texts.ask}</ButtonLink>
          <ButtonLink to={COLLECT}>{texts.collect}</ButtonLink>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        <RegionsChoice value={sync} onChange={(value) => setSearch(value ? { sync: value } : {}, { replace: true })} />
        <Loaded read={read}>{(summary) => <Shown summary={summary} />}</Loaded>
      </SpaceBetween>
    </PageFrame>
  )
}

const WIDE = { default: 12, xs: 6 }
const THIRD = { default: 12, xs: 6, m: 4 }

function Shown({ summary }: { summary: Summary }) {
  const { Nodes, OperatingSystems, Agents, TopApplications, Changes, Regions } = summary
  if (Nodes.Total === 0)
    return (
      <Empty title={texts.empty.title} action={<ButtonLink to="/nodes/add">{nodeTexts.add}</ButtonLink>}>
        {texts.empty.body}
      </Empty>
    )
  const applications = <ButtonLink to={typeAddress(APPLICATION)}>{texts.all}</ButtonLink>
  return (
    <SpaceBetween size="l">
      {Nodes.Reporting === 0 && (
        <Alert header={texts.nobody.title} action={<ButtonLink to={COLLECT}>{texts.collect}</ButtonLink>}>
          {texts.nobody.body}
        </Alert>
      )}
      <Grid gridDefinition={[{ colspan: WIDE }, { colspan: WIDE }]}>
        <Coverage nodes={Nodes} />
        <Changed changes={Changes} />
      </Grid>
      <Grid gridDefinition={[{ colspan: THIRD }, { colspan: THIRD }, { colspan: { ...THIRD, xs: 12 } }]}>
        <CountedBars title={texts.systems} items={versions(OperatingSystems, 'PlatformName')} total={Nodes.Total} />
        <CountedBars title={texts.agents} items={versions(Agents, 'AgentType')} total={Nodes.Total} />
        <CountedBars
          title={texts.applications.title}
          action={applications}
          items={TopApplications.map(applicationBar)}
          total={Nodes.Total}
        />
      </Grid>
      {Regions && <CountedBars title={texts.regions} items={Regions.map(regionBar)} total={Nodes.Total} />}
      <TypesTable types={summary.Types} total={Nodes.Total} />
      <Deletions />
      <LatestChanges changes={Changes.Recent} />
    </SpaceBetween>
  )
}

const APPLICATION = 'AWS:Application'
const VERSIONS = { PlatformName: 'PlatformVersion', AgentType: 'AgentVersion' }

function versions(counts: Summary['Agents'], property: keyof typeof VERSIONS): Counted[] {
  return counts.map(({ Name = '', Version = '', Nodes }) => ({
    label: [Name, Version].filter(Boolean).join(' ') || texts.unknown,
    nodes: Nodes,
    to: typeAddress('AWS:InstanceInformation', 'node', [
      { property, operator: '=', value: Name },
      { property: VERSIONS[property], operator: '=', value: Version },
    ]),
  }))
}

function regionBar({ Region, Total }: NonNullable<Summary['Regions']>[number]): Counted {
  return { label: Region, nodes: Total, to: '/inventory/syncs' }
}

function applicationBar({ Name, Nodes, Versions }: Summary['TopApplications'][number]): Counted {
  const tokens = [{ property: 'Name', operator: '=', value: Name }]
  return {
    label: Name,
    nodes: Nodes,
    more: Versions > 1 ? texts.applications.versions(Versions) : '',
    to: typeAddress(APPLICATION, 'entry', tokens),
  }
}
