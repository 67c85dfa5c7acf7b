import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import type { Io } from '#io.ts'
import type { Recording } from '#sessions/recording-pages.ts'
import { table } from '#table.ts'

export interface RecordingOptions {
  readonly node?: string
  readonly owner?: string
  readonly since?: Date
  readonly limit: number
  readonly json?: boolean
}

/** What a list of recordings is narrowed by, as the API takes it. */
export function narrowedBy({ node, owner, since }: Omit<RecordingOptions, 'limit'>) {
  return {
    ...(node === undefined ? {} : { Target: node }),
    ...(owner === undefined ? {} : { Owner: owner }),
    ...(since === undefined ? {} : { StartedAfter: since.getTime() / 1000 }),
  }
}

/** Lists recordings, the newest first. */
export async function sessionsRecordings(io: Io, options: RecordingOptions): Promise<void> {
  const api = new Api(connection(io.env))
  const recordings: Recording[] = []
  let NextToken: string | undefined
  do {
    const page = await api.steward('ListSessionRecordings', { ...narrowedBy(options), NextToken })
    recordings.push(...(page.Recordings ?? []))
    NextToken = page.NextToken
  } while (NextToken && recordings.length < options.limit)
  const shown = recordings.slice(0, options.limit)
  if (options.json) io.stdout.write(`${JSON.stringify(shown, null, 2)}\n`)
  else if (shown.length === 0) io.stderr.write('No session was recorded.\n')
  else io.stdout.write(table(['SESSION', 'NODE', 'OWNER', 'STARTED', 'LENGTH', 'CONTENT', 'STATE'], shown.map(row)))
}

function row(recording: Recording): string[] {
  const { SessionId = '', Target = '', Owner = '', StartDate = 0, EndDate } = recording
  return [
    SessionId,
    Target,
    Owner.split(/[:/]/).at(-1) ?? '',
    new Date(StartDate * 1000).toISOString().slice(0, 19).replace('T', ' '),
    EndDate === undefined ? '' : clockTime((EndDate - StartDate) * 1000),
    contentOf(recording),
    EndDate === undefined ? 'open' : recording.Cut ? 'cut' : 'sealed',
  ]
}

function contentOf({ Content, Bytes = 0, BytesToNode = 0, BytesFromNode = 0, Destination }: Recording): string {
  if (Content === 'Encrypted') return 'encrypted'
  if (Content === 'Terminal') return `${Bytes} bytes`
  return `${Destination ?? 'port'}: ${BytesToNode} bytes there, ${BytesFromNode} back`
}

/** `1:02:03`, or `2:03` below an hour. */
export function clockTime(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000)
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const rest = String(seconds % 60).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`
}
