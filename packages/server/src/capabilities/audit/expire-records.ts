/**
 * Takes records off the old end of the chain when they have been kept long enough. What remains is verified from an anchor: the
 * last hash that expired, with the installation's seal. Only whole links expire, the oldest first, and a younger one holds back what
 * comes after it, so the chain stays one piece.
 *
 * A run takes off no more than a day's worth, so that a clock that jumps ahead does not empty the trail before somebody notices.
 */

import type { Tx } from '#db/database.ts'
import type { AuditRecord } from '#kernel/audit-record.ts'
import { task } from '#kernel/declare.ts'
import { anchorText, headAfter } from './chain.ts'
import { marksOf } from './marks.ts'
import { entriesOf, expireLinks, linksAfter, readAnchor } from './store.ts'
import type { AuditSealTable } from './tables.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** Characters of records that one transaction takes off. */
const AT_ONCE = 1024 * 1024

export const expireRecords = task({
  name: 'audit.expire',
  everyMs: HOUR_MS,
  async run({ write, read, now, retention, signal, audit }) {
    const anchor = await read(readAnchor)
    const [oldest] = await read((reader) => linksAfter(reader, anchor?.sequence ?? 0, 0))
    if (!oldest) return { links: 0 }
    const limit = Math.min(now().getTime() - retention.auditDays * DAY_MS, Date.parse(oldest.last_at) + DAY_MS)
    const before = new Date(limit).toISOString()
    let links = 0
    for (let expired = 1; expired > 0 && !signal.aborted; links += expired) {
      expired = await write((tx) => expireSome(tx, before, audit.proof.seal))
    }
    return { links }
  },
})

/** Takes off the oldest links that ended before a time, up to a limit; resolves with their number. */
async function expireSome(tx: Tx, before: string, seal: (text: string) => string): Promise<number> {
  const anchor = await readAnchor(tx)
  const links = await linksAfter(tx, anchor?.sequence ?? 0, AT_ONCE)
  const young = links.findIndex(({ last_at }) => last_at >= before)
  const old = young < 0 ? links : links.slice(0, young)
  const last = old.at(-1)
  if (!last) return 0
  const content = await entriesOf(tx, old)
  const head = headAfter(last)
  const marked = old.map((row) => ({ row, marks: marksOf(recordsOf(row, content)).marks }))
  await expireLinks(tx, marked, { id: 1, ...head, seal: seal(anchorText(head)) })
  return old.length
}

/** Of records that cannot be read the marks stay; they lead nowhere. */
function recordsOf({ entries }: AuditSealTable, content: ReadonlyMap<string, string>): AuditRecord[] {
  const records: AuditRecord[] = []
  for (const id of entries.split(' ')) {
    for (const line of content.get(id)?.split('\n') ?? []) {
      try {
        records.push(JSON.parse(line))
      } catch {}
    }
  }
  return records
}
