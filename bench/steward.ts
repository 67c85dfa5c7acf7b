/** A real server in a process of its own: durable SQLite in a data directory of its own, plain HTTP on loopback. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { COLLECTABLE } from './process-usage.ts'

export const region = 'us-east-1'
export const rootKey = {
  accessKeyId: 'AKIABENCHBENCHBENCH1',
  secretAccessKey: 'the-secret-access-key-of-the-bench-root',
}

const MAIN = fileURLToPath(import.meta.resolve('@steward/server/main.ts'))
const READY_WITHIN_MS = 30_000

export interface StewardOptions {
  /** Listen with TLS too. */
  https?: boolean
  /** Data directory of an earlier server, of which a copy is used. */
  data?: string
  /** Of a PostgreSQL database; default: SQLite. */
  databaseUrl?: string
  /** Default: as many as a server takes by itself. */
  readingThreads?: number
}

export class Steward implements AsyncDisposable {
  readonly url: string
  readonly secureUrl: string | undefined
  readonly data: string
  readonly #databaseUrl: string
  readonly #readingThreads: number | undefined
  #child: ChildProcess | undefined

  private constructor(url: string, secureUrl: string | undefined, data: string, options: StewardOptions) {
    this.url = url
    this.secureUrl = secureUrl
    this.data = data
    this.#databaseUrl = options.databaseUrl ?? ''
    this.#readingThreads = options.readingThreads
  }

  static async start(options: StewardOptions = {}): Promise<Steward> {
    const data = mkdtempSync(join(tmpdir(), 'steward-bench-'))
    if (options.data) cpSync(options.data, data, { recursive: true })
    const secureUrl = options.https ? `https://127.0.0.1:${await freePort()}` : undefined
    const url = `http://127.0.0.1:${await freePort()}`
    const steward = new Steward(url, secureUrl, data, options)
    await steward.start()
    return steward
  }

  get pid(): number {
    return this.#child!.pid!
  }

  /** Starts it (again) on the same address and data; resolves when it answers. */
  async start(): Promise<void> {
    // For a look inside: BENCH_SERVER_NODE_ARGS=--cpu-prof
    const nodeArguments = (process.env.BENCH_SERVER_NODE_ARGS ?? '').split(' ').filter(Boolean)
    this.#child = spawn(process.execPath, [...COLLECTABLE, ...nodeArguments, MAIN], {
      stdio: ['ignore', 'ignore', process.env.BENCH_VERBOSE ? 'inherit' : 'ignore'],
      env: {
        ...process.env,
        STEWARD_DATA: this.data,
        STEWARD_DATABASE_URL: this.#databaseUrl,
        STEWARD_HTTP: new URL(this.url).host,
        STEWARD_HTTPS: this.secureUrl ? new URL(this.secureUrl).host : 'off',
        STEWARD_LOCAL_NODE: 'off',
        STEWARD_REGION: region,
        STEWARD_ROOT_ACCESS_KEY_ID: rootKey.accessKeyId,
        STEWARD_ROOT_SECRET_ACCESS_KEY: rootKey.secretAccessKey,
        STEWARD_LOG_LEVEL: 'warn',
        ...(this.#readingThreads === undefined ? {} : { STEWARD_READING_THREADS: String(this.#readingThreads) }),
      },
    })
    await this.#ready(this.#child)
  }

  async #ready(child: ChildProcess): Promise<void> {
    const until = Date.now() + READY_WITHIN_MS
    while (!(await answers(`${this.url}/readyz`))) {
      if (child.exitCode !== null) throw new Error('The server did not start; BENCH_VERBOSE=1 shows what it says.')
      if (Date.now() > until) throw new Error(`The server was not ready within ${READY_WITHIN_MS / 1000} s.`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    rmSync(this.data, { recursive: true, force: true })
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok
  } catch {
    return false
  }
}

/** A port that nobody has at the moment. The server needs the same one after a restart, so it cannot pick its own. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || !address) throw new Error('There is no free port.')
  return address.port
}
