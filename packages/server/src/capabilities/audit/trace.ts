/** Follows what a recorded call brought about. */
import type { AuditEffect, AuditEvent } from '@steward/model/generated/steward.ts'
import { commandInBrief } from '#capabilities/commands/index.ts'
import { matchesAbout } from '#capabilities/events/index.ts'
import { sessionInBrief } from '#capabilities/sessions/index.ts'
import type { AuditRecord } from '#kernel/audit-record.ts'
import type { Scope } from '#kernel/scope.ts'
import { isOf } from './found-record.ts'
import { type Read, search } from './lookup.ts'
import { resourceName } from './marks.ts'

/** Whether a part may be read is asked only when there is something of it. */
export type Part = 'commands' | 'sessions' | 'events'

export interface Traced {
  readonly record: AuditRecord
  readonly effects: AuditEffect[]
  readonly events: AuditEvent[]
  /** Other calls about the same commands and sessions, the oldest first. */
  readonly related: readonly AuditRecord[]
}

const MOST_RELATED = 50

/** Undefined if there is no such record. */
export async function trace(
  read: Read,
  scope: Scope,
  eventId: string,
  may: (part: Part) => Promise<boolean>,
): Promise<Traced | undefined> {
  const [record] = await find(read, scope, { key: 'EventId', value: eventId }, 1)
  if (!record) return undefined
  const commands = idsOf(record, 'AWS::SSM::Command')
  const sessions = idsOf(record, 'AWS::SSM::Session')
  const effects = [
    ...(commands.length > 0 && (await may('commands')) ? await allOf(commands, (id) => brief(id, commandInBrief)) : []),
    ...(sessions.length > 0 && (await may('sessions')) ? await allOf(sessions, (id) => brief(id, sessionInBrief)) : []),
  ]
  const events = (await may('events')) ? await eventsAbout([eventId, ...commands, ...sessions]) : []
  const related = await relatedTo([...commands, ...sessions])
  return { record, effects, events, related: related.filter(({ eventID }) => eventID !== eventId) }

  function brief(id: string, inBrief: typeof commandInBrief | typeof sessionInBrief) {
    return read((reader) => inBrief(reader, scope, id))
  }

  async function eventsAbout(ids: readonly string[]): Promise<AuditEvent[]> {
    const found = await read(async (reader) => Promise.all(ids.map((id) => matchesAbout(reader, scope, id))))
    return found.flat()
  }

  async function relatedTo(ids: readonly string[]): Promise<AuditRecord[]> {
    const found: AuditRecord[] = []
    for (const value of ids) found.push(...(await find(read, scope, { key: 'ResourceName', value }, MOST_RELATED)))
    return found.sort((a, b) => (a.eventID < b.eventID ? -1 : 1))
  }
}

async function find(
  read: Read,
  scope: Scope,
  attribute: { key: 'EventId' | 'ResourceName'; value: string },
  limit: number,
): Promise<readonly AuditRecord[]> {
  const isVisible = (record: AuditRecord) => isOf(scope, record)
  const wanted = { attribute, from: 0, to: Number.MAX_SAFE_INTEGER, isVisible, limit }
  return (await search(read, wanted, undefined)).records
}

function idsOf({ resources = [] }: AuditRecord, type: string): string[] {
  return resources.filter((one) => one.type === type).map(resourceName)
}

async function allOf<T>(ids: readonly string[], brief: (id: string) => Promise<T | undefined>): Promise<T[]> {
  const found: T[] = []
  for (const id of ids) {
    const one = await brief(id)
    if (one) found.push(one)
  }
  return found
}
