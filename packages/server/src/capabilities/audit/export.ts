import type { AuditTrailRecord } from '@steward/model/generated/steward.ts'
import type { Reader } from '#db/database.ts'
import { entriesOf, firstLinkSince, linksAfter } from './store.ts'
import type { AuditSealTable } from './tables.ts'

/** Characters of records in one answer. */
const PAGE = 1024 * 1024

interface Wanted {
  readonly StartTime: Date | undefined
  readonly EndTime: Date | undefined
  /** The sequence of the last link that was exported. */
  readonly after: number | undefined
}

/** The next links' records, whole links at a time: what an export holds is one piece of the chain. */
export async function exportedRecords(
  reader: Reader,
  { StartTime, EndTime, after }: Wanted,
): Promise<{ records: AuditTrailRecord[]; last: number | undefined }> {
  const start = after ?? (await firstLinkSince(reader, StartTime?.toISOString() ?? '')) - 1
  const links = await linksAfter(reader, start, PAGE)
  const late = EndTime ? links.findIndex(({ first_at }) => first_at > EndTime.toISOString()) : -1
  const wanted = late < 0 ? links : links.slice(0, late)
  const content = await entriesOf(reader, wanted)
  const last = late < 0 ? wanted.at(-1)?.sequence : undefined
  return { records: wanted.flatMap((link) => recordsOf(link, content)), last }
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
