import type { ParameterHistory } from '@aws-sdk/client-ssm'
import Badge from '@cloudscape-design/components/badge'
import Box from '@cloudscape-design/components/box'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Column } from '#components/table/column.ts'
import { Time } from '#components/time.tsx'
import { parameters as texts } from '#texts/parameters.ts'
import { Person, TypeName } from './parameter-columns.tsx'

const { columns: names } = texts

export function historyColumns(latest: number): readonly Column<ParameterHistory>[] {
  return [
    {
      id: 'version',
      header: names.version,
      cell: ({ Version }) => (
        <SpaceBetween direction="horizontal" size="xs">
          <span className="st-number">{Version}</span>
          {Version === latest && <Badge color="green">{texts.history.latest}</Badge>}
        </SpaceBetween>
      ),
      text: ({ Version }) => String(Version),
      rowHeader: true,
      width: 140,
    },
    {
      id: 'value',
      header: names.value,
      cell: (version) => <ValueCell version={version} />,
      text: ({ Type, Value = '' }) => (Type === 'SecureString' ? '' : Value),
      width: 230,
    },
    {
      id: 'labels',
      header: names.labels,
      cell: ({ Labels = [] }) => (
        <SpaceBetween direction="horizontal" size="xxs">
          {Labels.map((label) => (
            <Badge key={label} color="blue">
              {label}
            </Badge>
          ))}
        </SpaceBetween>
      ),
      text: ({ Labels = [] }) => Labels.join(' '),
      width: 150,
    },
    {
      id: 'type',
      header: names.type,
      cell: ({ Type = '' }) => <TypeName type={Type} />,
      text: ({ Type = '' }) => Type,
      width: 150,
    },
    {
      id: 'modified',
      header: names.changed,
      cell: ({ LastModifiedDate }) => <Time at={LastModifiedDate} only="relative" />,
      text: ({ LastModifiedDate }) => LastModifiedDate?.toISOString() ?? '',
      width: 150,
    },
    {
      id: 'user',
      header: names.user,
      cell: ({ LastModifiedUser }) => <Person arn={LastModifiedUser} />,
      text: ({ LastModifiedUser = '' }) => LastModifiedUser,
      width: 180,
    },
    { id: 'key', header: names.key, cell: ({ KeyId }) => KeyId ?? '–', text: ({ KeyId = '' }) => KeyId, hidden: true },
    { id: 'tier', header: names.tier, cell: ({ Tier }) => Tier, text: ({ Tier = '' }) => Tier, hidden: true },
  ]
}

const LONG = 120

function ValueCell({ version: { Type, Value = '' } }: { version: ParameterHistory }) {
  if (Type === 'SecureString') return <Box color="text-body-secondary">{texts.value.hidden}</Box>
  const line = Value.replace(/\s*\n\s*/g, ' ↵ ')
  return <span className="st-mono">{line.length > LONG ? `${line.slice(0, LONG)}…` : line}</span>
}
