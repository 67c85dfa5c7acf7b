import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { steward as model } from '@steward/model'
import { useState } from 'react'
import { allPages, useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { instant, type Wire } from '#api/wire.ts'
import { ConsoleLink } from '#components/console-link.tsx'
import { Empty } from '#components/empty.tsx'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ResourceTable } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { sessionTexts } from '#texts/sessions.ts'
import { DecideOnSession, type Decision } from './decide-on-session.tsx'
import { NodeLink, useNodeNames } from './node-link.tsx'
import { PrincipalName, principalName } from './principal.tsx'

export type Approval = Wire<model.SessionApproval>

const texts = sessionTexts.approvals

/** Sessions that wait for a second person, as `useRead` has them. */
export function usePendingApprovals() {
  return useRead('sessions', ['approvals', 'Pending'], (signal) => approvals('Pending', signal))
}

/** Sessions that wait for a second person, and those that did. */
export function Approvals() {
  const pending = usePendingApprovals()
  const all = useRead('sessions', ['approvals', 'all'], (signal) => approvals(undefined, signal))
  const decided = all.data?.filter(({ State }) => State !== 'Pending')
  const names = useNodeNames(all.data?.map(({ Target }) => Target) ?? [])
  const [deciding, setDeciding] = useState<{ approval: Approval; decision: Decision }>()
  const decide = (decision: Decision) => (approval: Approval) => setDeciding({ approval, decision })
  return (
    <SpaceBetween size="l">
      <ResourceTable
        name="sessions-approvals"
        prefix="w"
        variant="container"
        title={texts.pending}
        columns={pendingColumns(names, decide('ApproveSession'), decide('RejectSession'))}
        idOf={idOf}
        items={pending.data}
        error={pending.error}
        retry={() => void pending.refetch()}
        command={shellWords('steward', 'sessions', 'approvals')}
        empty={<Empty title={texts.empty}>{texts.emptyHint}</Empty>}
      />
      <ResourceTable
        name="sessions-decided"
        variant="container"
        title={texts.decided}
        columns={[...common(names), ...decidedColumns]}
        idOf={idOf}
        items={decided}
        error={all.error}
        empty={<Empty title={texts.emptyDecided} />}
      />
      {deciding && (
        <DecideOnSession
          {...deciding}
          node={names.get(deciding.approval.Target) ?? deciding.approval.Target}
          onClose={() => setDeciding(undefined)}
        />
      )}
    </SpaceBetween>
  )
}

function approvals(State: Approval['State'] | undefined, signal: AbortSignal): Promise<Approval[]> {
  return allPages(async (NextToken) => {
    const page = await steward('ListSessionApprovals', { ...(State && { State }), NextToken, MaxResults: 200 }, signal)
    return { items: page.Approvals ?? [], next: page.NextToken }
  })
}

function idOf({ SessionId }: Approval): string {
  return SessionId
}

function common(names: ReadonlyMap<string, string>): readonly Column<Approval>[] {
  const { columns } = sessionTexts
  return [
    {
      id: 'session',
      header: columns.session,
      rowHeader: true,
      width: 220,
      text: idOf,
      cell: ({ SessionId }) => <ConsoleLink to={`/sessions/${encodeURIComponent(SessionId)}`}>{SessionId}</ConsoleLink>,
    },
    {
      id: 'owner',
      header: columns.owner,
      width: 140,
      text: ({ Owner }) => principalName(Owner),
      cell: ({ Owner }) => <PrincipalName arn={Owner} />,
    },
    {
      id: 'node',
      header: columns.node,
      width: 150,
      text: ({ Target }) => names.get(Target) ?? Target,
      cell: ({ Target }) => <NodeLink id={Target} names={names} />,
    },
    { id: 'document', header: columns.document, width: 180, text: documentOf, cell: documentOf },
    {
      id: 'reason',
      header: columns.reason,
      width: 200,
      text: ({ Reason = '' }) => Reason,
      cell: ({ Reason }) => (Reason ? <bdi>{Reason}</bdi> : '–'),
    },
    {
      id: 'requested',
      header: texts.requested,
      width: 150,
      text: ({ RequestedAt }) => instant(RequestedAt)?.toISOString() ?? '',
      cell: ({ RequestedAt }) => <Time at={instant(RequestedAt)} only="relative" />,
    },
  ]
}

function documentOf({ DocumentName }: Approval): string {
  return DocumentName
}

type Act = (approval: Approval) => void

function pendingColumns(names: ReadonlyMap<string, string>, approve: Act, reject: Act): readonly Column<Approval>[] {
  const [session, ...others] = common(names)
  return [
    session!,
    {
      id: 'decide',
      header: texts.state,
      width: 160,
      cell: (approval) => (
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="inline-link" onClick={() => approve(approval)}>
            {texts.approve}
          </Button>
          <Button variant="inline-link" onClick={() => reject(approval)}>
            {texts.reject}
          </Button>
        </SpaceBetween>
      ),
    },
    ...others,
    {
      id: 'expires',
      header: texts.expires,
      width: 140,
      cell: ({ ExpiresAt }) => <Time at={instant(ExpiresAt)} only="relative" />,
    },
  ]
}

const decidedColumns: readonly Column<Approval>[] = [
  {
    id: 'state',
    header: texts.state,
    width: 120,
    choices: true,
    text: ({ State }) => texts.states[State],
    cell: ({ State }) => texts.states[State],
  },
  {
    id: 'approver',
    header: texts.approver,
    width: 140,
    text: ({ Approver = '' }) => principalName(Approver),
    cell: ({ Approver }) => <PrincipalName arn={Approver} />,
  },
  {
    id: 'comment',
    header: texts.comment,
    width: 200,
    text: ({ Comment = '' }) => Comment,
    cell: ({ Comment }) => (Comment ? <bdi>{Comment}</bdi> : '–'),
  },
  {
    id: 'decided',
    header: texts.decidedAt,
    width: 150,
    text: ({ DecidedAt }) => instant(DecidedAt)?.toISOString() ?? '',
    cell: ({ DecidedAt }) => <Time at={instant(DecidedAt)} only="relative" />,
  },
]
