import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { QueryTables } from './query-tables.ts'

export interface QueryJob {
  readonly tables: QueryTables
  readonly query: string
  readonly limit: number
  /** For tests: as many rows of a type as may be written out before the query runs. */
  readonly writtenOut?: number
}

export type QueryAnswer =
  | { readonly columns: readonly string[]; readonly rows: readonly (string | null)[][]; readonly truncated: boolean }
  /** In SQLite's words. */
  | { readonly fault: string }

/** The query took too long, or more memory than it may. */
export class QueryEnded extends Error {
  override readonly name = 'QueryEnded'
}

const PROGRAM = fileURLToPath(new URL('query-process.ts', import.meta.url))
/** The folder of this package: its code, and what says that it is of this package. */
const CODE = fileURLToPath(new URL('../../../../', import.meta.url))
const MEMORY_MB = 1024

/** Runs a query in a process of its own; that one is killed after so many milliseconds. Throws `QueryEnded`. */
export async function runQuery(job: QueryJob, withinMs: number, signal: AbortSignal): Promise<QueryAnswer> {
  const child = fork(PROGRAM, [], {
    serialization: 'advanced',
    execArgv: ['--permission', `--allow-fs-read=${CODE}`, `--max-old-space-size=${MEMORY_MB}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {},
    signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]),
    killSignal: 'SIGKILL',
  })
  try {
    return await new Promise<QueryAnswer>((resolve, reject) => {
      child.once('message', (answer) => resolve(answer as QueryAnswer))
      child.once('error', (cause) => reject(new QueryEnded('It took too long.', { cause })))
      child.once('exit', () => reject(new QueryEnded('It ended before it had an answer: it took too much memory.')))
      child.send(job, (error) => error && reject(new QueryEnded('It could not begin.', { cause: error })))
    })
  } finally {
    child.kill('SIGKILL')
  }
}
