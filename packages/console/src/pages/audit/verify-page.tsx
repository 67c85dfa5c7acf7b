import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { VerifyAuditTrailResult } from '@steward/model/generated/steward.ts'
import { useEffect, useRef, useState } from 'react'
import { steward } from '#api/steward.ts'
import type { Wire } from '#api/wire.ts'
import { CliCommand, CommandText } from '#components/cli-command.tsx'
import { Copyable } from '#components/copyable.tsx'
import { Failed } from '#components/failed.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { audit } from '#texts/audit.ts'

const { verifying: texts } = audit

type Answer = Wire<VerifyAuditTrailResult>

/** Walks the chain of the trail and says whether it is whole. */
export function VerifyPage() {
  const { answer, running, error, start, stop } = useVerification()
  return (
    <PageFrame
      title={texts.title}
      description={texts.description}
      above={[{ text: audit.title, to: '/audit' }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <CliCommand command="npx steward audit verify" />
          {running ? (
            <Button onClick={stop}>{texts.stop}</Button>
          ) : (
            <Button variant="primary" onClick={start}>
              {answer ? texts.again : texts.start}
            </Button>
          )}
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        {error !== undefined && <Failed error={error} retry={start} />}
        <Container>
          <div aria-live="polite">
            <State answer={answer} running={running} />
          </div>
        </Container>
        <Container header={<Header variant="h2">{texts.exportCommand}</Header>}>
          <CommandText
            command={'npx steward audit export > trail.jsonl\nnpx steward audit verify --file trail.jsonl'}
            hint={texts.elsewhere}
          />
        </Container>
      </SpaceBetween>
    </PageFrame>
  )
}

function State({ answer, running }: { answer: Answer | undefined; running: boolean }) {
  const { FirstRecord = 1, LastRecord = 0, LastHash, Fault, Complete, Intact } = answer ?? {}
  if (running)
    return (
      <StatusIndicator type="in-progress">{texts.running(Math.max(0, LastRecord - FirstRecord + 1))}</StatusIndicator>
    )
  if (!answer) return <Box color="text-body-secondary">{texts.idle}</Box>
  if (!Complete) return <StatusIndicator type="stopped">{texts.stopped}</StatusIndicator>
  if (Fault || !Intact)
    return (
      <Alert type="error" header={texts.broken}>
        <SpaceBetween size="xs">
          <span>{texts.brokenBody(Fault?.Record ?? 0)}</span>
          <span>{Fault?.Reason}</span>
          {Fault?.EventName && (
            <span>
              {texts.what}: {[Fault.EventName, Fault.EventTime, Fault.EventId].filter(Boolean).join(' · ')}
            </span>
          )}
        </SpaceBetween>
      </Alert>
    )
  return (
    <SpaceBetween size="m">
      <Alert type="success" header={texts.intact}>
        {texts.intactBody(FirstRecord, LastRecord)}
      </Alert>
      <KeyValuePairs
        items={[
          {
            label: texts.hash,
            value: (
              <>
                <Copyable text={LastHash ?? ''} />
                <Box variant="small" color="text-body-secondary" display="block">
                  {texts.hashHint}
                </Box>
              </>
            ),
          },
        ]}
      />
    </SpaceBetween>
  )
}

function useVerification() {
  const [answer, setAnswer] = useState<Answer>()
  const [running, setRunning] = useState(false)
  const [error, setError] = useState<unknown>()
  const going = useRef<AbortController>(undefined)
  // Who leaves the page stops it.
  useEffect(() => () => going.current?.abort(), [])
  async function walk({ signal }: AbortController) {
    let last: Answer | undefined
    do {
      last = await steward('VerifyAuditTrail', { NextToken: last?.NextToken }, signal)
      setAnswer(last)
    } while (!last.Complete && !signal.aborted)
  }
  async function start() {
    const begun = new AbortController()
    going.current = begun
    setRunning(true)
    setError(undefined)
    setAnswer(undefined)
    await walk(begun).catch((fault) => begun.signal.aborted || setError(fault))
    setRunning(false)
  }
  return { answer, running, error, start: () => void start(), stop: () => going.current?.abort() }
}
