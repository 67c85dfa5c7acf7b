import type { steward } from '@steward/model'
import { CAST_GENESIS, castHash } from '@steward/protocol/recording/cast-chain.ts'
import { Api, type Wire } from '#api.ts'
import { connection } from '#connection.ts'
import { EXIT } from '#fault.ts'
import { type Io, paint } from '#io.ts'
import { castFileLines } from '#sessions/cast-file.ts'

type Verified = Omit<Wire<steward.VerifySessionRecordingResult>, 'NextToken' | 'Complete'>

interface Verdict extends Verified {
  /** Whether the audit trail says the same; undefined of a recording that goes on. */
  readonly OnTrail?: boolean
  /** Whether the file is this recording. */
  readonly SameFile?: boolean
}

/** Says whether a recording is as it was taken down and as the audit trail knows it; resolves with 1 if not. */
export async function sessionsVerify(
  io: Io,
  sessionId: string,
  { file, json }: { file?: string; json?: boolean },
): Promise<number> {
  const api = new Api(connection(io.env))
  const verified = await verify(api, sessionId)
  const verdict: Verdict = {
    ...verified,
    ...(verified.AuditEventId && verified.Intact ? { OnTrail: await isOnTrail(api, sessionId, verified) } : {}),
    ...(file === undefined ? {} : { SameFile: (await hashOf(file)) === verified.Hash }),
  }
  io.stdout.write(json ? `${JSON.stringify(verdict, null, 2)}\n` : said(io, verdict, file))
  return verdict.Intact && verdict.OnTrail !== false && verdict.SameFile !== false ? EXIT.ok : EXIT.failed
}

async function verify(api: Api, SessionId: string): Promise<Verified> {
  let NextToken: string | undefined
  for (;;) {
    const {
      Complete,
      NextToken: next,
      ...verified
    } = await api.steward('VerifySessionRecording', { SessionId, NextToken })
    if (Complete) return verified
    NextToken = next
  }
}

/** Whether the event that sealed the recording has the same hash. */
async function isOnTrail(api: Api, sessionId: string, { AuditEventId, Hash }: Verified): Promise<boolean> {
  const LookupAttributes = [{ AttributeKey: 'EventId' as const, AttributeValue: AuditEventId! }]
  const { Events = [] } = await api.cloudtrail('LookupEvents', { LookupAttributes })
  const { eventName, additionalEventData: data } = JSON.parse(Events[0]?.CloudTrailEvent ?? '{}')
  return eventName === 'SealSessionRecording' && data?.sessionId === sessionId && data?.hash === Hash
}

/** The hash of the last line, whatever server the file came from. */
async function hashOf(file: string): Promise<string> {
  let hash = CAST_GENESIS
  for await (const line of castFileLines(file)) hash = castHash(hash, line)
  return hash
}

function said(io: Io, verdict: Verdict, file: string | undefined): string {
  const { Intact, Sealed, Cut, Lines = 0, Hash = '', AuditEventId, Fault, OnTrail, SameFile } = verdict
  if (!Intact) {
    const broken = paint(io, io.stdout, 'red', `The recording is broken at line ${Fault?.Line}`)
    return `${broken}: ${Fault?.Reason}\nLines before it are as they were.\n`
  }
  const whole = paint(io, io.stdout, 'green', Sealed ? 'The recording is whole' : 'The recording is whole so far')
  const cut = Cut ? ' It was cut: the server stopped before the session ended.' : ''
  const trail = {
    true: `The audit trail says the same: event ${AuditEventId}. steward audit verify proves the trail.\n`,
    false: `${paint(io, io.stdout, 'red', 'The audit trail does not say the same')}: event ${AuditEventId}.\n`,
    undefined: '',
  }[`${OnTrail}`]
  const same = SameFile ? 'is this recording' : paint(io, io.stdout, 'red', 'is not this recording')
  return `${whole}: ${Lines} lines.${cut}\nLast hash: ${Hash}\n${trail}${file === undefined ? '' : `${file} ${same}.\n`}`
}
