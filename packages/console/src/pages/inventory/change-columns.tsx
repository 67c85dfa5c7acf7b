import Badge, { type BadgeProps } from '@cloudscape-design/components/badge'
import { instant } from '#api/wire.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import type { Column } from '#components/table/column.ts'
import { Time } from '#components/time.tsx'
import { inventory } from '#texts/inventory.ts'
import { typeAddress } from './addresses.ts'
import type { Change, Entry } from './read-inventory.ts'

const {
  changes: { columns: names, kinds, became },
} = inventory

const COLOURS: Readonly<Record<Change['Kind'], BadgeProps['color']>> = {
  Added: 'green',
  Updated: 'blue',
  Removed: 'red',
}

/** Of changes; without the node where all are of one. */
export function changeColumns({ ofOne = false } = {}): readonly Column<Change>[] {
  return COLUMNS.filter(({ id }) => !ofOne || id !== 'node')
}

/** One report may change a name twice, as two architectures of a package. */
export function idOfChange({ InstanceId, TypeName, Time, Kind, Name, Before, After }: Change): string {
  return JSON.stringify([InstanceId, TypeName, Time, Kind, Name, Before, After])
}

const COLUMNS: readonly Column<Change>[] = [
  {
    id: 'name',
    header: names.name,
    cell: ({ Name, TypeName }) => (
      <ConsoleLink to={typeAddress(TypeName, 'entry', [{ operator: ':', value: Name }])}>{Name}</ConsoleLink>
    ),
    text: ({ Name }) => Name,
    rowHeader: true,
    width: 220,
  },
  {
    id: 'kind',
    header: names.kind,
    cell: ({ Kind }) => <Badge color={COLOURS[Kind]}>{kinds[Kind]}</Badge>,
    text: ({ Kind }) => kinds[Kind],
    choices: true,
    width: 120,
  },
  { id: 'what', header: names.what, cell: whatChanged, text: whatChanged, width: 280 },
  {
    id: 'node',
    header: names.node,
    cell: ({ InstanceId }) => <ConsoleLink to={`/nodes/${InstanceId}?tab=inventory`}>{InstanceId}</ConsoleLink>,
    text: ({ InstanceId }) => InstanceId,
    choices: true,
    width: 210,
  },
  {
    id: 'type',
    header: names.type,
    cell: ({ TypeName }) => TypeName,
    text: ({ TypeName }) => TypeName,
    choices: true,
    width: 160,
  },
  {
    id: 'time',
    header: names.time,
    cell: ({ Time: at }) => <Time at={instant(at)} only="relative" />,
    text: ({ Time: at }) => instant(at)?.toISOString() ?? '',
    width: 140,
  },
]

/** What tells most of something that came or went. */
const TELLING = ['Version', 'Status', 'IPV4', 'Size', 'Value', 'State']

function whatChanged({ Before, After }: Change): string {
  if (Before && After) return differing(Before, After).join(', ') || '–'
  const entry = After ?? Before ?? {}
  const telling = TELLING.find((attribute) => entry[attribute])
  return telling ? `${telling}: ${entry[telling]}` : '–'
}

function differing(before: Entry, after: Entry): string[] {
  const attributes = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...attributes]
    .filter((attribute) => before[attribute] !== after[attribute])
    .map((attribute) => became(attribute, before[attribute] ?? '', after[attribute] ?? ''))
}
