/**
 * The chain of audit records. The hash of a record covers the hash of the one before and its own text, so that a record can
 * neither be changed nor taken out nor put in without breaking every hash after it. Records join the chain in links of one or more;
 * each link carries a seal that only this installation can make, so that a chain cannot be computed anew by somebody who has only
 * the database. Pure.
 */
import { hash } from 'node:crypto'
import type { AuditSealTable } from './tables.ts'

/** What of a row is part of the chain. */
type Sealed = Omit<AuditSealTable, 'filter'>

/** What stands before the first record of all. */
export const GENESIS = '0'.repeat(64)

/** The end of a chain: how many links and records it has, and the hash of the last record. */
export interface Head {
  readonly sequence: number
  readonly records: number
  readonly hash: string
}

export const EMPTY: Head = { sequence: 0, records: 0, hash: GENESIS }

/** Hexadecimal SHA-256 of the previous hash, a line feed, and the record as it is stored. */
export function recordHash(previous: string, record: string): string {
  return hash('sha256', `${previous}\n${record}`, 'hex')
}

/** A record as it joins the chain. */
export interface Link {
  readonly entries: readonly string[]
  /** In order. */
  readonly lines: readonly string[]
  readonly firstAt: string
  readonly lastAt: string
}

/** The row that makes `link` the next after `head`. */
export function sealed(head: Head, link: Link, seal: (text: string) => string): Sealed {
  const { entries, lines, firstAt, lastAt } = link
  const hashes: string[] = []
  for (const line of lines) hashes.push(recordHash(hashes.at(-1) ?? head.hash, line))
  const row = {
    sequence: head.sequence + 1,
    entries: entries.join(' '),
    first_record: head.records + 1,
    records: lines.length,
    size: lines.reduce((size, { length }) => size + length, 0),
    first_at: firstAt,
    last_at: lastAt,
    previous: head.hash,
    hashes: hashes.join(' '),
  }
  return { ...row, seal: seal(sealText(row)) }
}

/** The end of the chain after a link. */
export function headAfter(row: Pick<AuditSealTable, 'sequence' | 'first_record' | 'records' | 'hashes'>): Head {
  return {
    sequence: row.sequence,
    records: row.first_record + row.records - 1,
    hash: row.hashes.slice(-GENESIS.length),
  }
}

/** The text that the seal of an anchor is made of: where the chain begins after its oldest records expired. */
export function anchorText({ sequence, records, hash }: Head): string {
  return ['anchor', sequence, records, hash].join('\n')
}

/** The hashes cover all the records, and the last hash all the hashes. */
function sealText(row: Omit<Sealed, 'seal'>): string {
  const { sequence, entries, first_record, records, size, first_at, last_at, previous, hashes } = row
  const last = hashes.slice(-GENESIS.length)
  return ['link', sequence, entries, first_record, records, size, first_at, last_at, previous, last].join('\n')
}

/** What is wrong with a record, the first in the chain with which something is. */
export interface Fault {
  readonly record: number
  readonly reason: string
  /** The text of the record, if there is one. */
  readonly line?: string | undefined
}

/** What is wrong with the link after `head`: undefined if nothing is. `content` are its entries by id, as they are stored. */
export function faultOf(
  head: Head,
  row: Sealed,
  content: ReadonlyMap<string, string>,
  seal: (text: string) => string,
): Fault | undefined {
  const first = head.records + 1
  if (row.sequence !== head.sequence + 1 || row.first_record !== first) {
    return { record: first, reason: 'It is missing: the chain goes on with a later record.' }
  }
  if (row.previous !== head.hash) return { record: first, reason: 'The hash of the record before it was changed.' }
  const lines: string[] = []
  for (const id of row.entries.split(' ')) {
    const text = content.get(id)
    if (text === undefined) return { record: first + lines.length, reason: 'Its text is missing.' }
    lines.push(...text.split('\n'))
  }
  const hashes = row.hashes.split(' ')
  let previous = head.hash
  for (const [index, line] of lines.entries()) {
    previous = recordHash(previous, line)
    if (hashes[index] !== previous) {
      return { record: first + index, reason: 'The record does not have the hash that it was chained with.', line }
    }
  }
  if (hashes.length !== lines.length || row.records !== lines.length) {
    return { record: first + lines.length, reason: 'It is missing: fewer records are there than were chained.' }
  }
  if (row.seal === seal(sealText(row))) return undefined
  return { record: first, reason: 'The seal of the records from here to the next link is not of this installation.' }
}
