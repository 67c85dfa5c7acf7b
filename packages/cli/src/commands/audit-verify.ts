import { hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { steward } from '@steward/model'
import { Api, type Wire } from '#api.ts'
import { connection } from '#connection.ts'
import { EXIT, Fault } from '#fault.ts'
import { type Io, paint } from '#io.ts'

type Verdict = Pick<
  Wire<steward.VerifyAuditTrailResult>,
  'Intact' | 'FirstRecord' | 'LastRecord' | 'LastHash' | 'Fault'
>

/**
 * Says whether the audit trail is whole; resolves with 1 and names the first bad record if it is not. Rejects with a Fault that ends
 * with 2 where a file leaves nothing to say that about.
 */
export async function auditVerify(io: Io, options: { file?: string; json?: boolean }): Promise<number> {
  const verdict = options.file === undefined ? await verifyServer(io) : await verifyFile(options.file)
  io.stdout.write(options.json ? `${JSON.stringify(verdict, null, 2)}\n` : said(io, verdict))
  return verdict.Intact ? EXIT.ok : EXIT.failed
}

async function verifyServer(io: Io): Promise<Verdict> {
  const api = new Api(connection(io.env))
  let NextToken: string | undefined
  for (;;) {
    const { Complete, NextToken: next, ...verdict } = await api.steward('VerifyAuditTrail', { NextToken })
    if (Complete) return verdict
    if (io.stderr.isTTY) io.stderr.write(`\r${verdict.LastRecord} records …`)
    NextToken = next
  }
}

/** Of an export nobody can say whether it goes on before or after; what is in it must hang together. */
async function verifyFile(path: string): Promise<Verdict> {
  const verdict: Verdict = {}
  for await (const line of linesOf(path)) {
    if (line === '') continue
    const Reason = faultOf(line, verdict)
    if (Reason) return { ...verdict, Intact: false, Fault: { Record: (verdict.LastRecord ?? 0) + 1, Reason } }
    const { Number: number, Hash } = JSON.parse(line) as steward.AuditTrailRecord
    verdict.FirstRecord ??= number
    verdict.LastRecord = number
    verdict.LastHash = Hash
  }
  if (verdict.LastRecord === undefined) throw new Fault(`${path} has no record in it.`, { exitCode: EXIT.usage })
  return { ...verdict, Intact: true }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })
  } catch (cause) {
    throw new Fault(`${path} cannot be read: ${(cause as Error).message}.`, { exitCode: EXIT.usage, cause })
  }
}

function faultOf(line: string, { LastRecord, LastHash }: Verdict): string | undefined {
  let record: steward.AuditTrailRecord | null
  try {
    record = JSON.parse(line)
  } catch {
    return 'The line is no JSON.'
  }
  if (typeof record?.Number !== 'number') return 'The line is no record.'
  if (LastRecord !== undefined && record.Number !== LastRecord + 1) return `The next record is number ${record.Number}.`
  if (LastHash !== undefined && record.PreviousHash !== LastHash) return 'The hash of the record before it was changed.'
  if (hash('sha256', `${record.PreviousHash}\n${record.Event}`, 'hex') === record.Hash) return undefined
  return 'The record does not have the hash that it was chained with.'
}

function said(io: Io, { Intact, FirstRecord, LastRecord, LastHash, Fault }: Verdict): string {
  if (Intact) {
    const count = (LastRecord ?? 0) - (FirstRecord ?? 1) + 1
    const verdict = paint(io, io.stdout, 'green', 'The audit trail is whole')
    return `${verdict}: ${count} records, numbers ${FirstRecord ?? 0} to ${LastRecord ?? 0}.\nLast hash: ${LastHash ?? ''}\n`
  }
  const verdict = paint(io, io.stdout, 'red', `The audit trail is broken at record ${Fault?.Record}`)
  const known = [Fault?.EventTime, Fault?.EventName, Fault?.EventId].filter(Boolean).join('  ')
  return `${verdict}: ${Fault?.Reason}\n${known ? `The record as it is now: ${known}\n` : ''}Records before it are as they were.\n`
}
