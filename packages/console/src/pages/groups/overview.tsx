import Box from '@cloudscape-design/components/box'
import Grid from '@cloudscape-design/components/grid'
import SpaceBetween from '@cloudscape-design/components/space-between'
import {
  colorChartsStatusHigh,
  colorChartsStatusInfo,
  colorChartsStatusNeutral,
  colorChartsStatusPositive,
} from '@cloudscape-design/design-tokens'
import type { steward as model } from '@steward/model'
import { useRead } from '#api/queries.ts'
import { useRereadOn } from '#api/reread.ts'
import { steward } from '#api/steward.ts'
import type { Wire } from '#api/wire.ts'
import { BigNumber } from '#components/big-number.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Loaded } from '#components/loaded.tsx'
import { nodeStatusText } from '#components/node-status.tsx'
import { Share } from '#components/share.tsx'
import { StackedBar } from '#components/stacked-bar.tsx'
import { standingParts } from '#pages/compliance/standing.tsx'
import { typePage } from '#pages/compliance/type-page-address.ts'
import { groups } from '#texts/groups.ts'
import { Commands } from './commands.tsx'
import type { GroupDetails } from './group-draft.ts'
import { Part } from './part.tsx'
import { typeText } from './query-fields.tsx'

const { page: texts } = groups

export type GroupOverview = Wire<model.DescribeGroupOverviewResult>

const CARD = { default: 12, xs: 6, m: 4 }

/** What it is made of besides the group. */
const KINDS = new Set(['nodes', 'compliance', 'inventory', 'associations', 'commands'])

/** All that is known of a group, side by side. */
export function Overview({ group: { name } }: { group: GroupDetails }) {
  useRereadOn(KINDS, 'groups', 'overview')
  const read = useRead(
    'groups',
    ['overview', name],
    (signal) => steward('DescribeGroupOverview', { Group: name }, signal),
    { keepLast: false },
  )
  return (
    <Loaded read={read}>
      {(overview) => (
        <Grid gridDefinition={[...Array(6).fill({ colspan: CARD }), { colspan: 12 }]}>
          <Nodes overview={overview} />
          <Compliance overview={overview} />
          <Associations overview={overview} />
          <Resources overview={overview} />
          <Platforms overview={overview} />
          <Inventory overview={overview} />
          <Commands overview={overview} />
        </Grid>
      )}
    </Loaded>
  )
}

interface PartProps {
  readonly overview: GroupOverview
}

function Nodes({ overview }: PartProps) {
  return (
    <Part overview={overview} part="Nodes" title={texts.nodes}>
      {({ Total, Online, Statuses }) =>
        Total === 0 ? (
          texts.noNodes
        ) : (
          <SpaceBetween size="s">
            <BigNumber number={Online} of={texts.nodesOf(Total)} />
            <StackedBar
              parts={Statuses.map(({ Value = '', Count }) => ({
                label: nodeStatusText(Value),
                count: Count,
                color: PINGS[Value] ?? colorChartsStatusNeutral,
              }))}
            />
          </SpaceBetween>
        )
      }
    </Part>
  )
}

const PINGS: Readonly<Record<string, string>> = {
  Online: colorChartsStatusPositive,
  ConnectionLost: colorChartsStatusHigh,
}

function Compliance({ overview }: PartProps) {
  const { Name } = overview.Group
  return (
    <Part overview={overview} part="Compliance" title={texts.compliance}>
      {({ Nodes: counts, Types }) =>
        Types.length === 0 ? (
          texts.noCompliance
        ) : (
          <SpaceBetween size="s">
            <BigNumber number={counts.Compliant} of={texts.complianceOf(counts.Total)} />
            <StackedBar parts={standingParts(counts)} />
            <ul className="st-matters">
              {Types.map(({ ComplianceType, Compliant, NonCompliant }) => (
                <li key={ComplianceType} className="st-row">
                  <ConsoleLink to={typePage(ComplianceType)}>{ComplianceType}</ConsoleLink>
                  <Share part={Compliant} whole={Compliant + NonCompliant} />
                </li>
              ))}
            </ul>
            <ConsoleLink to={`/compliance?${new URLSearchParams({ group: Name })}`}>{texts.complianceMore}</ConsoleLink>
          </SpaceBetween>
        )
      }
    </Part>
  )
}

const STATES: Readonly<Record<string, string>> = {
  Success: colorChartsStatusPositive,
  Failed: colorChartsStatusHigh,
  Pending: colorChartsStatusInfo,
  InProgress: colorChartsStatusInfo,
}

function Associations({ overview }: PartProps) {
  return (
    <Part overview={overview} part="Associations" title={texts.associations}>
      {(counts) =>
        counts.length === 0 ? (
          texts.noAssociations
        ) : (
          <SpaceBetween size="s">
            <Box color="text-body-secondary">{texts.associationsHint}</Box>
            <StackedBar
              parts={counts.map(({ Value = '', Count }) => ({
                label: Value || texts.unknown,
                count: Count,
                color: STATES[Value] ?? colorChartsStatusNeutral,
              }))}
            />
          </SpaceBetween>
        )
      }
    </Part>
  )
}

function Resources({ overview }: PartProps) {
  const { ResourceCount, ResourceTypes } = overview
  return (
    <Part overview={{ ...overview, Resources: ResourceTypes }} part="Resources" title={texts.resources}>
      {() => (
        <SpaceBetween size="s">
          <BigNumber number={ResourceCount} of={texts.resourcesOf(ResourceCount)} />
          <Shares counts={ResourceTypes} total={ResourceCount} text={typeText} />
        </SpaceBetween>
      )}
    </Part>
  )
}

function Platforms({ overview }: PartProps) {
  return (
    <Part overview={overview} part="Nodes" title={texts.platforms}>
      {({ Platforms: platforms, Total }) =>
        Total === 0 ? texts.noNodes : <Shares counts={platforms} total={Total} text={(value) => value} />
      }
    </Part>
  )
}

function Inventory({ overview }: PartProps) {
  return (
    <Part overview={overview} part="Inventory" title={texts.inventory}>
      {(counts) =>
        counts.length === 0 ? (
          texts.noInventory
        ) : (
          <SpaceBetween size="s">
            <Box color="text-body-secondary">{texts.inventoryHint}</Box>
            <Shares
              counts={counts}
              total={overview.Nodes?.Total ?? Math.max(...counts.map(({ Count }) => Count))}
              text={(value) => value}
            />
          </SpaceBetween>
        )
      }
    </Part>
  )
}

interface SharesProps {
  readonly counts: readonly { readonly Value?: string | undefined; readonly Count: number }[]
  readonly total: number
  readonly text: (value: string) => string
}

function Shares({ counts, total, text }: SharesProps) {
  return (
    <ul className="st-matters">
      {counts.map(({ Value, Count }) => (
        <li key={Value ?? ''} className="st-row">
          <span>{Value ? text(Value) : texts.unknown}</span>
          <Share part={Count} whole={total} />
        </li>
      ))}
    </ul>
  )
}
