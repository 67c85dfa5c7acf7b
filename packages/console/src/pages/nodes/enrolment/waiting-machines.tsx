import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import type { steward as model } from '@steward/model'
import { useState } from 'react'
import { allPages, useAct, useRead } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { instant, type Wire } from '#api/wire.ts'
import { notify } from '#app/notifications.tsx'
import { Confirm } from '#components/confirm.tsx'
import { Empty } from '#components/empty.tsx'
import { plainOutput } from '#components/plain-output.ts'
import { shellWords } from '#components/shell-words.ts'
import type { Column } from '#components/table/column.ts'
import { ListPanel } from '#components/table/list-panel.tsx'
import { useSelection } from '#components/table/resource-table.tsx'
import { Time } from '#components/time.tsx'
import { nodes } from '#texts/nodes.ts'

const { requests: texts } = nodes.enrolment

type Request = Wire<model.EnrolmentRequest>
type Decision = model.EnrolmentDecision

const OUTCOMES: Readonly<Record<Decision, model.EnrolmentState>> = { Approve: 'Approved', Refuse: 'Refused' }
const DECISIONS = ['Refuse', 'Approve'] as const

/** Machines that asked to be registered with a key that needs approval, until they are. */
export function WaitingMachines() {
  const read = useRead('activations', ['enrolment-requests'], (signal) =>
    allPages(async (NextToken) => {
      const page = await steward('ListEnrolmentRequests', NextToken === undefined ? {} : { NextToken }, signal)
      return { items: page.EnrolmentRequests, next: page.NextToken }
    }),
  )
  const selection = useSelection(read.data, idOf)
  const [deciding, setDeciding] = useState<{ decision: Decision; requests: readonly Request[] }>()
  const undecided = (decision: Decision) => selection.selected.filter(({ State }) => State !== OUTCOMES[decision])
  return (
    <>
      <ListPanel
        name="enrolment-requests"
        prefix="requests-"
        title={texts.title}
        description={texts.description}
        columns={COLUMNS}
        idOf={idOf}
        read={read}
        selection={selection}
        command="npx steward node requests"
        sortedBy={{ column: 'asked', descending: false }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            {DECISIONS.map((decision) => (
              <Button
                key={decision}
                disabled={undecided(decision).length === 0}
                onClick={() => setDeciding({ decision, requests: undecided(decision) })}
              >
                {texts[decision].act}
              </Button>
            ))}
          </SpaceBetween>
        }
        empty={<Empty title={texts.empty}>{texts.emptyBody}</Empty>}
      />
      {deciding && <Decide {...deciding} onClose={() => setDeciding(undefined)} />}
    </>
  )
}

const NAMED = 10

function Decide(props: { decision: Decision; requests: readonly Request[]; onClose: () => void }) {
  const { decision, requests, onClose } = props
  const words = texts[decision]
  const act = useAct(['activations'], async () => {
    for (const { RequestId } of requests) await steward('DecideEnrolmentRequest', { RequestId, Decision: decision })
  })
  return (
    <Confirm
      title={words.title(requests.length)}
      act={words.act}
      command={shellWords('npx', 'steward', 'node', decision.toLowerCase(), ...requests.map(idOf))}
      onClose={onClose}
      onConfirm={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: words.done(requests.length) })
      }}
    >
      <SpaceBetween size="s">
        <ul>
          {requests.slice(0, NAMED).map((request) => (
            <li key={request.RequestId}>
              {nameOf(request)}, {request.SourceIp}
            </li>
          ))}
          {requests.length > NAMED && <li>…</li>}
        </ul>
        <Box>{words.body}</Box>
      </SpaceBetween>
    </Confirm>
  )
}

function idOf({ RequestId }: Request): string {
  return RequestId
}

function nameOf({ ComputerName }: Request): string {
  return ComputerName ? plainOutput(ComputerName) : texts.unnamed
}

const TYPES: Readonly<Record<model.EnrolmentState, StatusIndicatorProps.Type>> = {
  Waiting: 'pending',
  Approved: 'success',
  Refused: 'stopped',
}

/** Of 64 digits; the rest on hover. */
const SHOWN_DIGITS = 16

const COLUMNS: readonly Column<Request>[] = [
  {
    id: 'name',
    header: texts.columns.name,
    cell: nameOf,
    text: nameOf,
    rowHeader: true,
    width: 220,
  },
  {
    id: 'state',
    header: texts.columns.state,
    cell: ({ State }) => <StatusIndicator type={TYPES[State]}>{texts.states[State]}</StatusIndicator>,
    text: ({ State }) => texts.states[State],
    choices: true,
    width: 130,
  },
  {
    id: 'address',
    header: texts.columns.address,
    cell: ({ SourceIp }) => SourceIp,
    text: ({ SourceIp }) => SourceIp,
    width: 150,
  },
  {
    id: 'fingerprint',
    header: texts.columns.fingerprint,
    cell: ({ FingerprintHash }) => (
      <Box variant="code" nativeAttributes={{ title: texts.fingerprintHint(FingerprintHash) }}>
        {FingerprintHash.slice(0, SHOWN_DIGITS)}
      </Box>
    ),
    text: ({ FingerprintHash }) => FingerprintHash,
    width: 190,
  },
  {
    id: 'asked',
    header: texts.columns.asked,
    cell: ({ FirstDate }) => <Time at={instant(FirstDate)} only="relative" />,
    text: ({ FirstDate }) => instant(FirstDate)!.toISOString(),
    width: 150,
  },
  {
    id: 'last',
    header: texts.columns.last,
    cell: ({ LastDate }) => <Time at={instant(LastDate)} only="relative" />,
    text: ({ LastDate }) => instant(LastDate)!.toISOString(),
    width: 150,
  },
  {
    id: 'key',
    header: texts.columns.key,
    cell: ({ ActivationId }) => ActivationId,
    text: ({ ActivationId }) => ActivationId,
    width: 320,
  },
  {
    id: 'decided-by',
    header: texts.columns.decidedBy,
    cell: ({ DecidedBy }) => DecidedBy ?? '–',
    text: ({ DecidedBy = '' }) => DecidedBy,
    hidden: true,
  },
  {
    id: 'id',
    header: texts.columns.id,
    cell: idOf,
    text: idOf,
    hidden: true,
  },
]
