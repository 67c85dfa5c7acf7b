import type { FoundAuditRecord } from '@steward/model/generated/steward.ts'
import { instant, type Wire } from '#api/wire.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import type { Column } from '#components/table/column.ts'
import { Time } from '#components/time.tsx'
import { audit } from '#texts/audit.ts'
import { Outcome } from './outcome.tsx'

export type FoundRecord = Wire<FoundAuditRecord>

const { columns: names } = audit

/** Found in the order of time only. */
export const auditColumns: readonly Column<FoundRecord>[] = [
  {
    id: 'time',
    header: names.time,
    cell: ({ EventTime }) => <Time at={instant(EventTime)} only="absolute" />,
    text: ({ EventTime }) => instant(EventTime)?.toISOString() ?? '',
    width: 185,
  },
  {
    id: 'action',
    header: names.action,
    cell: ({ EventId, EventName }) => <ConsoleLink to={`/audit/${EventId}`}>{EventName}</ConsoleLink>,
    text: ({ EventName = '' }) => EventName,
    unsorted: true,
    width: 225,
    rowHeader: true,
  },
  {
    id: 'principal',
    header: names.principal,
    cell: ({ Principal }) => <span title={Principal?.Arn}>{whoOf(Principal)}</span>,
    text: ({ Principal }) => whoOf(Principal),
    unsorted: true,
    width: 130,
  },
  {
    id: 'resources',
    header: names.resources,
    cell: (record) => <span title={record.Resources?.map(({ Arn }) => Arn).join('\n')}>{onWhat(record)}</span>,
    text: ({ Resources = [] }) => Resources.map(({ Name }) => Name).join(' '),
    unsorted: true,
    width: 200,
  },
  {
    id: 'outcome',
    header: names.outcome,
    cell: ({ Outcome: outcome, ErrorCode }) => <Outcome outcome={outcome} code={ErrorCode} />,
    text: ({ Outcome = '' }) => Outcome,
    unsorted: true,
    width: 135,
  },
  { id: 'ip', header: names.ip, cell: ({ SourceIpAddress }) => SourceIpAddress, text: ip, unsorted: true, width: 115 },
  {
    id: 'service',
    header: names.service,
    cell: ({ EventSource }) => serviceOf(EventSource),
    text: ({ EventSource }) => serviceOf(EventSource),
    unsorted: true,
    width: 110,
  },
  plain('kind', ({ ReadOnly }) => (ReadOnly ? audit.kinds.read : audit.kinds.write)),
  plain('region', ({ Region = '' }) => Region),
  plain('key', ({ Principal }) => Principal?.AccessKeyId ?? ''),
  plain('error', ({ ErrorCode, ErrorMessage }) => [ErrorCode, ErrorMessage].filter(Boolean).join(': ')),
  plain('request', ({ RequestId = '' }) => RequestId),
  plain('agent', ({ UserAgent = '' }) => UserAgent),
]

function plain(id: keyof typeof names, text: (record: FoundRecord) => string): Column<FoundRecord> {
  return { id, header: names[id], cell: text, text, hidden: true, unsorted: true }
}

function ip({ SourceIpAddress = '' }: FoundRecord): string {
  return SourceIpAddress
}

/** The name by which people know it: a user's, that of a role's session, `root`. Registrations come without credentials. */
export function whoOf(principal: FoundRecord['Principal']): string {
  if (principal?.Type === 'AWSAccount') return audit.nobody
  return principal?.Name ?? principal?.AccessKeyId ?? principal?.Type ?? '–'
}

export function serviceOf(source = ''): string {
  return source.replace(/\.amazonaws\.com$/, '')
}

function onWhat({ Resources = [] }: FoundRecord): string {
  const [first, ...rest] = Resources
  if (!first) return '–'
  return rest.length > 0 ? `${first.Name} +${rest.length}` : (first.Name ?? '–')
}
