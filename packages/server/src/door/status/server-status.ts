/** How this server is doing: what its operator wants to know before anything fails. */
import { X509Certificate } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import type { GetServerStatusResult, ServerCertificate, ServerListener } from '@steward/model/generated/steward.ts'
import type { Database } from '#db/database.ts'
import type { Address, Config } from '#kernel/config.ts'
import type { SecretStore } from '#kernel/secret-store.ts'

export interface ServerStatusParts {
  readonly config: Config
  readonly version: string
  readonly startedAt: Date
  readonly database: Database
  readonly secrets: SecretStore | undefined
  readonly masterKeyId: () => string
  readonly listeners: () => { readonly http: Address; readonly https: Address | undefined }
  /** PEM of the TLS listener's certificate; undefined without one. */
  readonly certificate: () => string | undefined
  readonly tasks: () => readonly TaskNow[]
  readonly connections: () => { readonly nodes: number; readonly sessions: number; readonly eventStreams: number }
}

/** A background task and how its runs went. */
export interface TaskNow {
  readonly name: string
  readonly everyMs: number
  readonly running: boolean
  readonly runs: number
  readonly failures: number
  readonly lastRunAt: Date | undefined
  readonly lastMilliseconds: number | undefined
  readonly lastError: string | undefined
  readonly lastFailureAt: Date | undefined
}

/** What is silent for longer is told of as a problem. */
const PATIENCE_MS = 3_000

export async function serverStatus(parts: ServerStatusParts, now: Date): Promise<GetServerStatusResult> {
  const { config, version, startedAt, database } = parts
  const { nodes, sessions, eventStreams } = parts.connections()
  return {
    Version: version,
    StartedDate: startedAt,
    Now: now,
    AccountId: config.account,
    Region: config.region,
    TestMode: config.testMode,
    PublicUrl: config.publicUrl,
    Mail: config.mail !== undefined,
    MasterKeyId: parts.masterKeyId(),
    Process: {
      NodeVersion: process.version,
      Platform: `${process.platform} ${process.arch}`,
      ResidentBytes: process.memoryUsage.rss(),
      CpuSeconds: (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
    },
    Database: { Kind: database.kind, ...(await databaseNow(database)) },
    SecretStore: parts.secrets && (await storeNow(parts.secrets)),
    DataDirectory: await roomIn(config.data),
    Listeners: listenersOf(parts),
    Connections: { Nodes: nodes, Sessions: sessions, EventStreams: eventStreams },
    Retention: {
      CommandDays: config.commandRetentionDays,
      SessionDays: config.sessionRetentionDays,
      RecordingDays: config.recordingRetentionDays,
      AuditDays: config.auditRetentionDays,
    },
    Tasks: parts.tasks().map((task) => ({
      Name: task.name,
      EverySeconds: task.everyMs / 1000,
      Running: task.running,
      Runs: task.runs,
      Failures: task.failures,
      LastRunDate: task.lastRunAt,
      LastMilliseconds: task.lastMilliseconds,
      LastError: task.lastError,
      LastFailureDate: task.lastFailureAt,
    })),
  }
}

async function databaseNow(database: Database) {
  try {
    const [SizeBytes, ReadMilliseconds] = await timed(database.size())
    const [, WriteMilliseconds] = await timed(database.check())
    return { SizeBytes, ReadMilliseconds, WriteMilliseconds }
  } catch (error) {
    return { Problem: error instanceof Error ? error.message : String(error) }
  }
}

async function storeNow(store: SecretStore) {
  const { url: Url } = store
  try {
    const [, Milliseconds] = await timed(store.check())
    return { Url, Milliseconds }
  } catch (error) {
    return { Url, Problem: error instanceof Error ? error.message : String(error) }
  }
}

async function timed<T>(work: Promise<T>): Promise<[T, number]> {
  const started = performance.now()
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('There is no answer.')), PATIENCE_MS)
  try {
    return [await Promise.race([work, late.promise]), performance.now() - started]
  } finally {
    clearTimeout(timer)
  }
}

async function roomIn(folder: string) {
  const { bavail, blocks, bsize } = await statfs(folder)
  return { FreeBytes: bavail * bsize, TotalBytes: blocks * bsize }
}

function listenersOf({ listeners, certificate }: ServerStatusParts): ServerListener[] {
  const { http, https } = listeners()
  const pem = certificate()
  const found: ServerListener[] = [{ Protocol: 'http', Host: http.host, Port: http.port }]
  if (https && pem)
    found.push({ Protocol: 'https', Host: https.host, Port: https.port, Certificate: certificateIn(pem) })
  return found
}

function certificateIn(pem: string): ServerCertificate {
  const certificate = new X509Certificate(pem)
  return {
    Subject: certificate.subject,
    Issuer: certificate.issuer,
    SubjectAlternativeNames: certificate.subjectAltName?.split(', ').map((name) => name.replace(/^[^:]+:/, '')) ?? [],
    NotBefore: certificate.validFromDate,
    NotAfter: certificate.validToDate,
    Sha256Fingerprint: certificate.fingerprint256,
    SelfSigned: certificate.subject === certificate.issuer,
  }
}
