import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SSMClient } from '@aws-sdk/client-ssm'
import { createLogger, type House, silentLogger, startHouse, toConfig } from '@steward/server'
import { loadCapabilities, loadOperations } from '@steward/server/capabilities.ts'
import { type DatabaseKind, emptyDatabase } from './databases.ts'
import type { FakeAgent } from './fake-agent.ts'
import { type FakeNodeOptions, FakeNodes } from './fake-nodes.ts'

// Before any test begins: node:test follows every promise that a test makes, and loading hundreds of modules makes thousands.
await Promise.all((await loadCapabilities()).map(loadOperations))

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** What every AWS SDK client is made with. */
export interface ClientConfig {
  endpoint: string
  region: string
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
  maxAttempts: number
  /** How wrong the client's clock is, in milliseconds. Default: it is the server's. */
  systemClockOffset?: number
}

export interface TestServer extends AsyncDisposable {
  readonly house: House
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** `https://127.0.0.1:<port>`; only with `https: true`. */
  readonly secureUrl: string | undefined
  readonly data: string
  /** A client of the root key: `server.client(SSMClient)`. */
  client<C extends TestClient>(Client: new (config: ClientConfig) => C, more?: Partial<ClientConfig>): C
  /** A registered node, connected unless told otherwise, that does what the test says. */
  fakeNode(options?: FakeNodeOptions): Promise<FakeAgent>
  fakeNodes(count: number, options?: FakeNodeOptions): Promise<FakeAgent[]>
  /** Moves the server's clock, and that of clients and fake nodes with it. */
  advance(milliseconds: number): Promise<void>
  /**
   * Moves it ahead to a time of the day (`HH:MM` in UTC), which may be tomorrow's: for tests of schedules, which would come to something
   * else if they ran at the full hour.
   */
  advanceTo(timeOfDay: string): Promise<void>
  /** Resolves once no background task runs, and what was on its way between server and fake nodes has arrived. */
  settle(): Promise<void>
}

interface TestClient {
  readonly config: object
  destroy(): void
}

export interface TestServerOptions {
  /** Default `sqlite`, in memory. */
  database?: DatabaseKind
  https?: boolean
  /** More environment, such as `STEWARD_ACCOUNT`. */
  env?: Record<string, string>
  /** Default: what `STEWARD_TEST_LOG` says, else silent. */
  logLevel?: string
  /** Keep the data directory of an earlier server. */
  data?: string
}

/** Starts a real server in this process, in test mode, on free ports, with a data directory of its own. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'steward-test-'))
  const { url: emptyDatabaseUrl, drop } = await emptyDatabase(options.database ?? 'sqlite')
  const { STEWARD_DATABASE_URL: databaseUrl, ...env } = {
    STEWARD_DATA: data,
    STEWARD_HTTP: '127.0.0.1:0',
    STEWARD_HTTPS: options.https ? '127.0.0.1:0' : 'off',
    STEWARD_DATABASE_URL: emptyDatabaseUrl,
    STEWARD_TEST_MODE: '1',
    STEWARD_ROOT_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST',
    STEWARD_ROOT_SECRET_ACCESS_KEY: 'test-secret-access-key-of-the-root-user',
    ...options.env,
  }
  const level = options.logLevel ?? process.env.STEWARD_TEST_LOG
  // An operator's database is left alone in test mode, which anybody may empty; a test's is there for that.
  const config = { ...toConfig(env, data), databaseUrl }
  const house = await startHouse(config, level ? createLogger(level) : silentLogger, {
    checkAnswers: true,
  })
  const url = `http://127.0.0.1:${house.http.port}`
  const clients: TestClient[] = []
  let offset = 0
  const client: TestServer['client'] = (Client, more) => {
    const { region } = house.config
    const made = new Client({
      endpoint: url,
      region,
      credentials: house.rootKey,
      maxAttempts: 1,
      ...more,
    })
    // The SDK would set its clock by the date of each answer, which is the machine's; the server goes by its own.
    if (more?.systemClockOffset === undefined)
      Object.defineProperty(made.config, 'systemClockOffset', { get: () => offset, set() {} })
    clients.push(made)
    return made
  }
  const nodes = new FakeNodes({
    url,
    region: house.config.region,
    now: () => house.clock.now(),
    isConnected: (nodeId) => house.isConnected(nodeId),
    client: () => client(SSMClient),
  })
  const settle = async () => {
    // Tasks wake nodes, and what nodes say wakes tasks; a request goes through the same queues as both.
    for (let round = 0; round < 2; round++) {
      await house.settle()
      await fetch(`${url}/readyz`)
      await nodes.settle()
    }
    await house.settle()
  }
  const addNodes: TestServer['fakeNodes'] = async (count, more) => {
    const added = await nodes.add(count, more)
    // Nodes that have just connected are asked for out of turn; until that is over who is handed a command first is a matter of luck.
    await house.settle()
    return added
  }
  const advance = async (milliseconds: number) => {
    const response = await fetch(`${url}/test/clock`, {
      method: 'POST',
      body: JSON.stringify({ advanceSeconds: milliseconds / 1000 }),
    })
    if (!response.ok) throw new Error(await response.text())
    offset += milliseconds
    await settle()
  }
  return {
    house,
    url,
    secureUrl: house.https && `https://127.0.0.1:${house.https.port}`,
    data,
    client,
    fakeNode: async (more) => (await addNodes(1, more))[0]!,
    fakeNodes: addNodes,
    advance,
    async advanceTo(timeOfDay) {
      const [hours, minutes] = timeOfDay.split(':').map(Number) as [number, number]
      const sinceMidnight = house.clock.now().getTime() % DAY_MS
      await advance((hours * HOUR_MS + minutes * MINUTE_MS - sinceMidnight + DAY_MS) % DAY_MS)
    },
    settle,
    async [Symbol.asyncDispose]() {
      nodes.disconnect()
      for (const made of clients) made.destroy()
      await house.stop()
      await drop()
      if (!options.data) rmSync(data, { recursive: true, force: true })
    },
  }
}
