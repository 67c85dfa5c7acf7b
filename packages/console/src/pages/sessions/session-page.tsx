import './colours.ts'
import type { Session } from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { useStore } from '#api/store.ts'
import type { Params } from '#app/area.ts'
import { ButtonLink } from '#components/button-link.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Copyable } from '#components/copyable.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { PageTabs } from '#components/page-tabs.tsx'
import { plainOutput } from '#components/plain-output.ts'
import { Properties } from '#components/properties.tsx'
import { shellWords } from '#components/shell-words.ts'
import { durationText, Time } from '#components/time.tsx'
import { sessionTexts } from '#texts/sessions.ts'
import { NodeLink, useNodeNames } from './node-link.tsx'
import { PrincipalName } from './principal.tsx'
import { useSession } from './read-sessions.ts'
import { RecordingPanel } from './replay/recording-panel.tsx'
import { isActive, SessionStatus } from './session-status.tsx'
import { shells } from './shells/shells.ts'
import { TerminateSession } from './terminate-session.tsx'
import { Viewers } from './viewers.tsx'

const texts = sessionTexts.detail

/** One session: how it stands, what it showed, who saw that. */
export function SessionPage({ params: { id = '' } }: { params: Params }) {
  const sessionId = decodeURIComponent(id)
  const session = useSession(sessionId)
  const names = useNodeNames([session.data?.Target])
  const [ending, setEnding] = useState(false)
  const open = useStore(shells).find(({ identity, isOver }) => identity.sessionId === sessionId && !isOver)
  const active = session.data ? isActive(session.data) : false
  const node = names.get(session.data?.Target ?? '') ?? session.data?.Target ?? ''
  return (
    <PageFrame
      title={sessionId}
      info={session.data && <SessionStatus status={session.data.Status} />}
      description={session.data && <Summary session={session.data} names={names} />}
      above={[{ text: sessionTexts.title, to: '/sessions' }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <CliCommand command={describeCommand(sessionId, active)} />
          {open && (
            <ButtonLink to={`/sessions/shell?session=${encodeURIComponent(sessionId)}`}>{texts.open}</ButtonLink>
          )}
          {active && <Button onClick={() => setEnding(true)}>{texts.terminate}</Button>}
        </SpaceBetween>
      }
    >
      <Loaded read={session}>
        {(data) => (data ? <Views session={data} names={names} node={node} /> : <Box>{texts.notFound}</Box>)}
      </Loaded>
      {ending && <TerminateSession sessions={[{ id: sessionId, node }]} onClose={() => setEnding(false)} />}
    </PageFrame>
  )
}

function Summary({ session, names }: Omit<ViewsProps, 'node'>) {
  return (
    <>
      <NodeLink id={session.Target} names={names} /> · <PrincipalName arn={session.Owner} /> ·{' '}
      <Time at={session.StartDate} />
      {session.Reason && (
        <>
          {' '}
          · <bdi>{session.Reason}</bdi>
        </>
      )}
    </>
  )
}

function describeCommand(id: string, active: boolean): string {
  const state = active ? 'Active' : 'History'
  return shellWords('aws', 'ssm', 'describe-sessions', '--state', state, '--filters', `key=SessionId,value=${id}`)
}

interface ViewsProps {
  readonly session: Session
  readonly names: ReadonlyMap<string, string>
  readonly node: string
}

function Views({ session, names, node }: ViewsProps) {
  const [search] = useSearchParams()
  const { SessionId = '' } = session
  const active = isActive(session)
  const at = search.get('at')
  const from = at === null ? undefined : Number(at) || 0
  const recording = <RecordingPanel sessionId={SessionId} nodeName={node} active={active} from={from} />
  return (
    <PageTabs
      label={SessionId}
      tabs={[
        { id: 'recording', label: active ? texts.live : texts.recording, content: recording },
        { id: 'details', label: texts.details, content: <Details session={session} names={names} /> },
        { id: 'viewers', label: texts.viewers, content: <Viewers sessionId={SessionId} /> },
      ]}
    />
  )
}

function Details({ session, names }: Omit<ViewsProps, 'node'>) {
  const { SessionId = '', Target, Owner, DocumentName, StartDate, EndDate, Reason, Details: end, OutputUrl } = session
  const { columns } = sessionTexts
  const log = [OutputUrl?.S3OutputUrl, OutputUrl?.CloudWatchOutputUrl].filter(Boolean).join('\n')
  const lasted = StartDate && EndDate && durationText(EndDate.getTime() - StartDate.getTime())
  return (
    <Container>
      <Properties
        columns={3}
        items={[
          { label: columns.node, value: <NodeLink id={Target} names={names} /> },
          { label: columns.owner, value: Owner ?? '–' },
          { label: columns.document, value: DocumentName ?? '–' },
          { label: columns.started, value: <Time at={StartDate} /> },
          { label: columns.ended, value: <Time at={EndDate} /> },
          { label: columns.duration, value: lasted ?? '–' },
          { label: texts.maxDuration, value: duration(session.MaxSessionDuration) },
          { label: columns.details, value: end ? plainOutput(end) : '–' },
          { label: columns.reason, value: Reason ? <bdi>{Reason}</bdi> : '–' },
          { label: columns.session, value: <Copyable text={SessionId} /> },
          { label: texts.logs, value: log || texts.noLog },
        ]}
      />
    </Container>
  )
}

function duration(minutes: string | undefined): string {
  return minutes ? texts.minutes(minutes) : texts.unlimited
}
