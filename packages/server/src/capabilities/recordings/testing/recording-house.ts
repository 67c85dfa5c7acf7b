/** What a recorder is given in tests: a database, a vault, and an audit trail whose records can be looked at. */
import { createHmac, randomBytes } from 'node:crypto'
import { type DatabaseKind, openTestDatabase } from '@steward/testkit/databases.ts'
import { sessionsCapability } from '#capabilities/sessions/index.ts'
import type { Database } from '#db/database.ts'
import type { AuditRecord } from '#kernel/audit-record.ts'
import type { RelayedSession, RunningAuditTrail, SessionRecorderParts } from '#kernel/declare.ts'
import { randomIds } from '#kernel/ids.ts'
import { silentLogger } from '#kernel/logger.ts'
import { Keyring, masterKey } from '#kernel/vault.ts'
import { dataKeyAad, openChunk } from '../chunk.ts'
import { recordings0001 } from '../migrations/0001-recordings.ts'
import { chunksAfter, findRecording } from '../store.ts'

export const START = Date.UTC(2026, 10, 21, 10)
export const HERE = { account: '123456789012', region: 'eu-west-1' }

export interface RecordingHouse extends AsyncDisposable {
  readonly database: Database
  readonly parts: SessionRecorderParts
  readonly records: AuditRecord[]
  lines(sessionId: string): Promise<string[]>
}

export async function openRecordingHouse(kind: DatabaseKind): Promise<RecordingHouse> {
  const database = await openTestDatabase(kind, { ...sessionsCapability.migrations, 'recordings-0001': recordings0001 })
  const vault = new Keyring(masterKey(randomBytes(32)))
  const records: AuditRecord[] = []
  const audit: RunningAuditTrail = {
    async add(_tx, record) {
      records.push(record)
    },
    added() {},
    push: () => undefined,
    write: async () => {},
    flush: async () => {},
    proof: { seal: (text) => createHmac('sha256', 'key').update(text).digest('base64url'), witness: () => undefined },
    stop: async () => {},
    forget() {},
  }
  return {
    database,
    records,
    parts: { database, vault, audit, ids: randomIds, log: silentLogger },
    lines: (sessionId) =>
      database.read(async (reader) => {
        const row = await findRecording(reader, HERE, sessionId)
        const key = { sessionId, key: vault.open(row!.data_key, dataKeyAad(sessionId)) }
        const chunks = await chunksAfter(reader, sessionId, 0, 1000)
        return chunks.flatMap(({ number, data }) => openChunk(key, number, data))
      }),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

export function aSession(more: Partial<RelayedSession> = {}): RelayedSession {
  return {
    scope: HERE,
    sessionId: 'ann-0123456789abcdefg',
    nodeId: 'mi-0123456789abcdef0',
    ownerArn: 'arn:aws:iam::123456789012:user/ann',
    documentName: 'SSM-SessionManagerRunShell',
    sessionType: 'Standard_Stream',
    startedAt: new Date(START),
    idleMs: 1_200_000,
    endsAt: undefined,
    encrypted: false,
    policy: { readOnly: false, forbiddenPatterns: [], endOnMatch: false },
    acknowledged: { below: 0, above: [] },
    ...more,
  }
}
