import type { AuditTrailRecord } from '@steward/model/generated/steward.ts'
import type { Reader } from '#db/database.ts'
import { entriesOf, firstLinkSince, linksAfter, readHead } from './store.ts'
import type { AuditSealTable } from './tables.ts'

/** Characters of records in one answer. */
const PAGE = 1024 * 1024

/** What is left of an export: the links after `after`, up to the one that was the last when it began. */
export interface Exporting {
  readonly after: number
  readonly last: number
}

/** An export of the records since a time, as far as there are any now: the calls that read it add to the trail. */
export async function beginExport(reader: Reader, since: Date | undefined): Promise<Exporting> {
  const first = await firstLinkSince(reader, since?.toISOString() ?? '')
  return { after: first - 1, last: (await readHead(reader)).sequence }
}

/** The next links' records, whole links at a time, so that what an export holds is one piece of the chain. */
export async function exportSome(
  reader: Reader,
  { after, last }: Exporting,
  until: Date | undefined,
): Promise<{ records: AuditTrailRecord[]; next: Exporting | undefined }> {
  const links = await linksAfter(reader, after, PAGE)
  const end = links.findIndex(({ sequence, first_at }) => sequence > last || (until && first_at > until.toISOString()))
  const wanted = end < 0 ? links : links.slice(0, end)
  const content = await entriesOf(reader, wanted)
  const records = wanted.flatMap((link) => recordsOf(link, content))
  const reached = wanted.at(-1)?.sequence ?? last
  return { records, next: end >= 0 || reached >= last ? undefined : { after: reached, last } }
}

function recordsOf(link: AuditSealTable, content: ReadonlyMap<string, string>): AuditTrailRecord[] {
  const lines = link.entries.split(' ').flatMap((id) => content.get(id)?.split('\n') ?? [])
  const hashes = link.hashes.split(' ')
  return lines.map((line, index) => ({
    Number: link.first_record + index,
    PreviousHash: hashes[index - 1] ?? link.previous,
    Hash: hashes[index] ?? '',
    Event: line,
  }))
}
