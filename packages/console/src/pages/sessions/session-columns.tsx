import type { Session } from '@aws-sdk/client-ssm'
import { ConsoleLink } from '#components/console-link.tsx'
import { plainOutput } from '#components/plain-output.ts'
import type { Column } from '#components/table/column.ts'
import { durationText, Time } from '#components/time.tsx'
import { sessionTexts } from '#texts/sessions.ts'
import { NodeLink } from './node-link.tsx'
import { PrincipalName, principalName } from './principal.tsx'
import { SessionStatus } from './session-status.tsx'

const texts = sessionTexts.columns

const STATUS: Readonly<Record<string, string>> = sessionTexts.status

export function sessionColumns(names: ReadonlyMap<string, string>, over: boolean): readonly Column<Session>[] {
  const nodeOf = ({ Target = '' }: Session) => names.get(Target) ?? Target
  const columns: (Column<Session> & { readonly onlyIf?: boolean })[] = [
    {
      id: 'session',
      header: texts.session,
      rowHeader: true,
      width: 210,
      text: ({ SessionId = '' }) => SessionId,
      cell: ({ SessionId = '' }) => (
        <ConsoleLink to={`/sessions/${encodeURIComponent(SessionId)}`}>{SessionId}</ConsoleLink>
      ),
    },
    {
      id: 'node',
      header: texts.node,
      width: 150,
      choices: true,
      text: nodeOf,
      cell: ({ Target }) => <NodeLink id={Target} names={names} />,
    },
    {
      id: 'owner',
      header: texts.owner,
      width: 130,
      choices: true,
      text: ({ Owner = '' }) => principalName(Owner),
      cell: ({ Owner }) => <PrincipalName arn={Owner} />,
    },
    {
      id: 'status',
      header: texts.status,
      width: 150,
      choices: true,
      text: ({ Status = '' }) => STATUS[Status] ?? Status,
      cell: ({ Status }) => <SessionStatus status={Status} />,
    },
    {
      id: 'started',
      header: texts.started,
      width: 150,
      text: ({ StartDate }) => StartDate?.toISOString() ?? '',
      cell: ({ StartDate }) => <Time at={StartDate} only="relative" />,
    },
    {
      id: 'duration',
      header: texts.duration,
      width: 120,
      number: true,
      onlyIf: over,
      text: (session) => String(Math.round(duration(session) / 1000)),
      sort: duration,
      cell: (session) => (session.EndDate ? durationText(duration(session)) : '–'),
    },
    {
      id: 'ended',
      header: texts.ended,
      width: 170,
      hidden: true,
      onlyIf: over,
      text: ({ EndDate }) => EndDate?.toISOString() ?? '',
      cell: ({ EndDate }) => <Time at={EndDate} only="relative" />,
    },
    {
      id: 'document',
      header: texts.document,
      width: 240,
      choices: true,
      text: ({ DocumentName = '' }) => DocumentName,
      cell: ({ DocumentName }) => DocumentName ?? '–',
    },
    {
      id: 'details',
      header: texts.details,
      width: 260,
      onlyIf: over,
      text: ({ Details = '' }) => plainOutput(Details),
      cell: ({ Details }) => (Details ? plainOutput(Details) : '–'),
    },
    {
      id: 'reason',
      header: texts.reason,
      width: 220,
      text: ({ Reason = '' }) => Reason,
      cell: ({ Reason }) => (Reason ? <bdi>{Reason}</bdi> : '–'),
    },
  ]
  return columns.filter(({ onlyIf }) => onlyIf !== false)
}

function duration({ StartDate, EndDate }: Session): number {
  return StartDate && EndDate ? EndDate.getTime() - StartDate.getTime() : 0
}
