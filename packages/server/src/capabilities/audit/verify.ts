/** Walks along the chain from its beginning, a stretch at a time, and says where it is broken. */
import type { Reader } from '#db/database.ts'
import type { AuditProof, AuditWitness } from '#kernel/declare.ts'
import { anchorText, EMPTY, type Fault, faultOf, type Head, headAfter } from './chain.ts'
import { entriesOf, linkAt, linksAfter, readAnchor } from './store.ts'
import type { AuditSealTable } from './tables.ts'

/** How far the walk has come. */
export interface Walk {
  readonly head: Head
  /** Number of the first record that is there. */
  readonly first: number
}

export interface Stretch {
  readonly walk: Walk
  /** Whether the end of the chain was reached, or a fault. */
  readonly complete: boolean
  readonly fault?: Fault
}

/** Characters of records. */
const STRETCH = 512 * 1024

/**
 * Verifies the next stretch of the chain. `witness` must have been read before the chain: what was noted must be in it.
 * A database that cannot read a part of the chain is a fault of that part.
 */
export async function verifyStretch(
  reader: Reader,
  before: Walk | undefined,
  proof: AuditProof,
  witness: AuditWitness | undefined,
): Promise<Stretch> {
  const walk = await startOf(reader, before, proof)
  if ('reason' in walk) return broken({ head: EMPTY, first: 1 }, walk)
  let head = walk.head
  try {
    const links = await linksAfter(reader, head.sequence, STRETCH)
    const content = await entriesOf(reader, links)
    for (const link of links) {
      const fault = faultOf(head, link, content, proof.seal) ?? denied(link, witness)
      if (fault) return broken({ ...walk, head }, fault)
      head = headAfter(link)
    }
    if (links.length > 0) return { walk: { ...walk, head }, complete: false }
  } catch (error) {
    if (!isDamage(error)) throw error
    return broken(
      { ...walk, head },
      { record: head.records + 1, reason: `The database cannot be read: ${error.message}.` },
    )
  }
  const fault = cutOff(head, witness)
  return { walk: { ...walk, head }, complete: true, ...(fault ? { fault } : {}) }
}

/** Whether the chain, which ends with `head`, still has what was noted outside of the database, or once had it before it expired. */
export async function hasNoted(reader: Reader, head: Head, witness: AuditWitness): Promise<boolean> {
  if (cutOff(head, witness)) return false
  const link = await linkAt(reader, witness.records)
  return !link || !denied(link, witness)
}

/** Where to go on. What was verified before may have expired since. */
async function startOf(reader: Reader, before: Walk | undefined, { seal }: AuditProof): Promise<Walk | Fault> {
  const anchor = await readAnchor(reader)
  if (before && before.head.sequence >= (anchor?.sequence ?? 0)) return before
  if (!anchor) return { head: EMPTY, first: 1 }
  const { sequence, records, hash } = anchor
  const head = { sequence, records, hash }
  if (anchor.seal === seal(anchorText(head))) return { head, first: before?.first ?? records + 1 }
  return { record: records + 1, reason: 'The note of where the chain begins has no seal of this installation.' }
}

function broken(walk: Walk, fault: Fault): Stretch {
  return { walk, complete: true, fault }
}

/** Whether the hash that was noted outside of the database is another than that in the link. */
function denied(link: AuditSealTable, witness: AuditWitness | undefined): Fault | undefined {
  const index = witness ? witness.records - link.first_record : -1
  if (!witness || index < 0 || index >= link.records || link.hashes.split(' ')[index] === witness.hash) return undefined
  return { record: witness.records, reason: 'Another record was here when the end of the chain was noted.' }
}

function cutOff({ records }: Head, witness: AuditWitness | undefined): Fault | undefined {
  if (!witness || witness.records <= records) return undefined
  return {
    record: records + 1,
    reason: `It is missing: the chain had ${witness.records} records when its end was noted outside of the database.`,
  }
}

/** SQLite's words for a file that was tampered with: corrupt, or no database. */
function isDamage(error: unknown): error is Error {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error && 'errcode' in cause && [11, 26].includes(Number(cause.errcode) & 0xff)
}
