/** What of the server's state an operator should look at. */
import type { GetServerStatusResult } from '@steward/model/generated/steward.ts'
import { instant, type Wire } from '#api/wire.ts'
import { durationText, sinceText } from '#components/time-text.ts'
import { settings } from '#texts/settings.ts'
import { bytesText } from './bytes-text.ts'

export type ServerStatus = Wire<GetServerStatusResult>

const { attention } = settings

const SLOW_WRITE_MS = 250
/** Of the data directory's disk. */
const LITTLE_ROOM = 0.1
const SOON_MS = 30 * 86_400_000

/** What needs attention, as sentences; the worst first. */
export function concerns(status: ServerStatus, now: number): string[] {
  const { Database = {}, DataDirectory = {}, SecretStore = {}, Listeners = [], Tasks = [], TestMode } = status
  const { FreeBytes = 1, TotalBytes = 1 } = DataDirectory
  const expiring = Listeners.flatMap(({ Certificate }) => instant(Certificate?.NotAfter) ?? []).filter(
    (at) => at.getTime() - now < SOON_MS,
  )
  return [
    ...(Database.Problem ? [attention.database(Database.Problem)] : []),
    ...((Database.WriteMilliseconds ?? 0) > SLOW_WRITE_MS
      ? [attention.slow(durationText(Database.WriteMilliseconds!))]
      : []),
    ...(SecretStore.Problem ? [attention.secrets(SecretStore.Problem)] : []),
    ...(FreeBytes / TotalBytes < LITTLE_ROOM ? [attention.disk(bytesText(FreeBytes))] : []),
    ...expiring.map((at) => attention.certificate(sinceText(at, now))),
    ...Tasks.flatMap(({ LastError, Name = '' }) => (LastError ? [attention.task(Name)] : [])),
    ...(TestMode ? [attention.testMode] : []),
  ]
}
