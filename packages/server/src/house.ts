/**
 * Composition: the only file that sees everything. Builds the parts in order, starts them, and stops them in reverse: the
 * door closes, the gateway lets its nodes go, the tasks finish, the database closes.
 */

import { join } from 'node:path'
import { openDatabase } from '#db/open.ts'
import { Api } from '#door/api.ts'
import { Authenticator, type RootKey } from '#door/authenticate.ts'
import { type TlsMaterial, tlsMaterial } from '#door/certificate.ts'
import { consoleRoutes } from '#door/console-routes.ts'
import { downloadRoute } from '#door/download-route.ts'
import { installRoutes } from '#door/install-routes.ts'
import { KeyUses } from '#door/key-uses.ts'
import { type Listener, type ListenerParts, listen, type Route, type Upgrade } from '#door/listener.ts'
import { messageSigner, signingCertificateRoute } from '#door/message-signing.ts'
import { NodeRefusals } from '#door/node-refusals.ts'
import { PageTokens } from '#door/page-token.ts'
import { admitter, performer } from '#door/perform.ts'
import { publicUrl } from '#door/public-url.ts'
import { ReadingThreads, readsOf } from '#door/reading/reading-threads.ts'
import { CurrentRootKey, rootKeyMigrations } from '#door/root-key.ts'
import { S3Api } from '#door/s3/api.ts'
import { healthRoutes } from '#door/service-routes.ts'
import { statusOperations } from '#door/status/status-operations.ts'
import { EventStreams } from '#door/stream/event-streams.ts'
import { streamOperations } from '#door/stream/stream-operations.ts'
import { testRoutes } from '#door/test-routes.ts'
import { Throttle } from '#door/throttle.ts'
import type { WaitingRoom } from '#door/waiting-room.ts'
import { ec2MessagesOperations } from '#gateway/amazon/ec2messages.ts'
import { ControlChannels } from '#gateway/control-channel.ts'
import { DataChannels } from '#gateway/data-channel/data-channels.ts'
import { Gateway } from '#gateway/gateway.ts'
import { Authorizer } from '#iam/authorizer.ts'
import { SealedCredentials } from '#iam/sealed-credentials.ts'
import { type Clock, MovableClock, systemClock } from '#kernel/clock.ts'
import { ClockWatch } from '#kernel/clock-watch.ts'
import { type Address, type Config, featuresOf } from '#kernel/config.ts'
import { DataDirectory, UnchangedDataDirectory } from '#kernel/data-directory.ts'
import type { AuditTrailParts, AuditWitness, Capability, KeyUse, NodeRefusal, Task } from '#kernel/declare.ts'
import { randomIds } from '#kernel/ids.ts'
import type { Logger } from '#kernel/logger.ts'
import { openMailer } from '#kernel/mailer.ts'
import { createMetrics } from '#kernel/metrics.ts'
import { openOutbound } from '#kernel/outbound.ts'
import { openRemoteBuckets } from '#kernel/remote-buckets.ts'
import { openSecretStore } from '#secrets/open-secret-store.ts'
import { openVault } from '#vault/open-vault.ts'
import { vaultOperations } from '#vault/operations.ts'
import { resealTask } from '#vault/reseal.ts'
import { keysOfDataDirectory, masterKeySource } from '#vault/source.ts'
import { vaultMigrations } from '#vault/tables.ts'
import description from '../package.json' with { type: 'json' }
import type { ReadingStart } from './answer-reads.ts'
import { declaredBy, loadCapabilities, loadOperations, loadS3Operations } from './capabilities.ts'
import { Driver } from './work/driver.ts'

/** Where the build of the console is. */
const CONSOLE = join(import.meta.dirname, '../../console/dist')

export interface House {
  readonly config: Config
  readonly rootKey: RootKey
  readonly tls: TlsMaterial | undefined
  readonly clock: Clock
  readonly http: Address
  readonly https: Address | undefined
  /** Whether the node holds a channel right now. */
  isConnected(nodeId: string): boolean
  /** Resolves once no background task runs or is about to, and nothing is on its way to a node from the database. */
  settle(): Promise<void>
  /** Empties everything but the root key. Test mode only. */
  reset(): Promise<void>
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Where connections to the configured addresses wait until the server is ready. */
export interface WaitingRooms {
  readonly http: WaitingRoom
  readonly https: WaitingRoom | undefined
}

export interface HouseOptions {
  readonly rooms?: WaitingRooms
  /** Told of each step of the start, for people who wait. */
  readonly report?: (step: string) => void
  /** For our own tests: an answer or an error that the service model does not know is a failure. */
  readonly checkAnswers?: boolean
  /** Instead of the one that the audit capability makes; for measurements. */
  readonly auditTrail?: Capability['auditTrail']
  /** A reading thread answers from the first request on, though nothing is busy; for tests. */
  readonly readingFromTheStart?: boolean
}

/** Builds and starts a server; resolves once it answers requests. What fails half-way leaves nothing open. */
export async function startHouse(config: Config, log: Logger, options: HouseOptions = {}): Promise<House> {
  const { report = () => {}, checkAnswers = false } = options
  // What was started last is stopped first.
  await using started = new AsyncDisposableStack()
  // What is in a database in memory is gone with the process, so nothing outside of it may change for its sake.
  const inMemory = config.testMode && !config.databaseUrl
  const data = inMemory ? new UnchangedDataDirectory(config.data) : new DataDirectory(config.data)
  started.defer(data.lock())
  const movable = config.testMode ? new MovableClock() : undefined
  const clock: Clock = movable ?? systemClock
  const contents = inMemory ? 'objects-test' : 'objects'
  if (inMemory) data.clearFolder(contents)
  const contentFolder = data.folder(contents)
  const ids = randomIds

  report('opening the database')
  const database = openDatabase(config.databaseUrl, inMemory ? ':memory:' : data.file('steward.db'))
  started.defer(() => database.close())
  const capabilities = await loadCapabilities()
  await database.migrate(
    Object.assign({}, vaultMigrations, rootKeyMigrations, ...capabilities.map(({ migrations }) => migrations)),
  )

  const directory = declaredBy(capabilities, 'nodeDirectory')
  if (!directory) throw new Error('No capability keeps the directory of nodes.')
  const makeTrail = options.auditTrail ?? declaredBy(capabilities, 'auditTrail')
  if (!makeTrail) throw new Error('No capability keeps the audit trail.')
  const audit = makeTrail({ database, log, key: data.key('audit.key'), witness: movable ? undefined : witness(data) })
  const root = await CurrentRootKey.open({ config, data, database, audit, ids, log }, clock.now())
  const masterKeys = masterKeySource(config.masterKey, data)
  const vault = await openVault({
    database,
    source: masterKeys,
    olderKeys: keysOfDataDirectory(data),
    lostKeyIds: config.lostMasterKeyIds,
    now: clock.now(),
  })
  const sealedColumns = capabilities.flatMap(({ sealedColumns }) => sealedColumns)
  const reseal = resealTask(vault, masterKeys, sealedColumns)
  const sealed = new SealedCredentials(data.key('credentials.key'))
  const principals = declaredBy(capabilities, 'principals')?.({ vault })
  const keyUsed = (use: KeyUse) => {
    database
      .write(async (tx) => principals?.keysUsed(tx, [use]))
      .catch((err: unknown) => log.warn({ err, accessKeyId: use.accessKeyId }, 'use of a key not written down'))
  }
  const nodeRefused = (refusal: NodeRefusal) => {
    database
      .write((tx) => directory.refused(tx, refusal))
      .catch((err: unknown) => log.warn({ err, nodeId: refusal.nodeId }, 'refusal of a node not written down'))
  }
  const keyUses = new KeyUses(keyUsed)
  const refusals = new NodeRefusals(nodeRefused)
  const authenticator = new Authenticator({
    root,
    sealed,
    nodes: directory,
    principals,
    signIns: declaredBy(capabilities, 'signIns'),
    database,
    keyUses,
    refusals,
    otherClock: movable && systemClock,
    log,
  })
  const authorizer = new Authorizer(capabilities.flatMap(({ resources }) => resources ?? []))

  // The gateway wakes tasks and the tasks wake nodes, so one of the two is made before the other can be named.
  const wake = (task: Task) => driver.wake(task)
  const sessionDirectory = declaredBy(capabilities, 'sessionDirectory')
  if (!sessionDirectory) throw new Error('No capability keeps the directory of sessions.')
  const associations = declaredBy(capabilities, 'associationDirectory')
  if (!associations) throw new Error('No capability keeps the directory of associations.')
  const inventory = declaredBy(capabilities, 'inventoryDirectory')
  if (!inventory) throw new Error('No capability keeps the directory of the inventory.')
  const dataSyncs = declaredBy(capabilities, 'dataSyncDirectory')
  if (!dataSyncs) throw new Error('No capability keeps the directory of resource data syncs.')
  const makeRecorder = declaredBy(capabilities, 'sessionRecorder')
  const recorder = makeRecorder?.({ database, vault, audit, ids, log })
  const clockWatch = new ClockWatch(log, movable ? undefined : lastSeen(data))
  const clockIsSteady = () => clockWatch.isSteady()
  const dataChannels = new DataChannels({
    database,
    directory: sessionDirectory,
    recorder,
    authenticator,
    clock,
    ids,
    log,
    clockIsSteady,
    wakeNode: ({ scope, nodeId }) => gateway.wakeNodes(scope, [nodeId]),
  })
  const gateway = new Gateway({
    database,
    channels: capabilities.flatMap(({ channels }) => channels),
    directory,
    inventory,
    clock,
    ids,
    log,
    wake,
    sessions: dataChannels,
  })
  const wakeNodes = gateway.wakeNodes.bind(gateway)
  const features = featuresOf(config)
  const stopping = new AbortController()
  const outbound = openOutbound(config.webhookAllow)
  started.defer(() => outbound.close())
  const remoteBuckets = config.remoteBuckets && openRemoteBuckets(config.remoteBuckets, clock)
  started.defer(() => remoteBuckets?.close())
  const secrets = config.secretStore && openSecretStore(config.secretStore, config.account, clock)
  started.defer(() => secrets?.close())
  const signer = messageSigner(data)
  const driver = new Driver([...capabilities.flatMap(({ tasks }) => tasks), reseal, root.task], {
    read: (work) => database.read(work),
    write: (work) => database.write(work),
    now: () => clock.now(),
    clockIsSteady,
    ids,
    log,
    vault,
    inventory,
    live: gateway,
    wake,
    wakeNodes,
    endSession: (sessionId, output) => dataChannels.end(sessionId, output),
    retention: {
      commandDays: config.commandRetentionDays,
      sessionDays: config.sessionRetentionDays,
      recordingDays: config.recordingRetentionDays,
      auditDays: config.auditRetentionDays,
    },
    audit,
    contentFolder,
    deliveryTargets: capabilities.flatMap(({ deliveryTargets }) => deliveryTargets),
    perform: performer({ principals, authorizer, vault, features, inventory, dataSyncs, audit, contentFolder }),
    admit: admitter({ principals, authorizer }),
    outbound,
    remoteBuckets,
    messages: {
      publicUrl: () => publicUrl(config, { http: listeners.http.address, https: listeners.https?.address }),
      signer,
      mail: config.mail && openMailer(config.mail),
    },
    signal: stopping.signal,
  })
  movable?.onMove(() => {
    driver.wakeAll()
    dataChannels.look()
  })

  const metrics = createMetrics({
    connectedNodes: () => gateway.connectedCount,
    openSessions: () => dataChannels.count,
    readingThreads: () => readingThreads.count,
    readingThreadRequests: () => readingThreads.given,
    taskFailures: () => driver.status().reduce((sum, { failures }) => sum + failures, 0),
  })
  const streams = new EventStreams({
    kinds: capabilities.flatMap(({ changeKinds }) => changeKinds),
    feed: database.changes,
    clock,
    log,
  })
  const loaded = await Promise.all(capabilities.map(async (one) => ({ one, operations: await loadOperations(one) })))
  const changeKinds = new Map(
    loaded.flatMap(({ one, operations }) => operations.map((operation) => [operation, one.changeKinds] as const)),
  )
  const operations = [
    ...loaded.flatMap(({ operations }) => operations),
    ...streamOperations(streams),
    ...statusOperations({
      config,
      version: description.version,
      startedAt: clock.now(),
      database,
      secrets,
      masterKeyId: () => vault.currentId,
      listeners: () => ({ http: listeners.http.address, https: listeners.https?.address }),
      certificate: () => tls?.cert,
      tasks: () => driver.status(),
      connections: () => ({
        nodes: gateway.connectedCount,
        sessions: dataChannels.count,
        eventStreams: streams.count,
      }),
    }),
    ...ec2MessagesOperations(gateway, clock),
    ...vaultOperations({ keyring: vault, source: masterKeys, columns: sealedColumns, reseal }),
  ]
  const controlChannels = new ControlChannels({ gateway, authenticator, clock, ids, log })
  const forgetNode: NonNullable<Capability['forgetNode']> = async (...node) => {
    for (const one of capabilities) await one.forgetNode?.(...node)
  }
  const renamePrincipal: NonNullable<Capability['renamePrincipal']> = async (...renamed) => {
    for (const one of capabilities) await one.renamePrincipal?.(...renamed)
  }
  const dropNode = (nodeId: string) => {
    controlChannels.revoke(nodeId)
    gateway.drop(nodeId)
    dataChannels.dropNode(nodeId)
    for (const { nodeGone } of capabilities) if (nodeGone) wake(nodeGone)
  }
  const throttle = new Throttle(config.rateLimits, () => performance.now())
  const api = new Api({
    operations,
    changeKinds: (operation) => changeKinds.get(operation) ?? [],
    database,
    authenticator,
    authorizer,
    pageTokens: new PageTokens(data.key('page-tokens.key')),
    sealed,
    clock,
    ids,
    log,
    vault,
    features,
    audit,
    throttle,
    highThroughput: declaredBy(capabilities, 'highThroughput'),
    account: config.account,
    defaultRegion: config.region,
    associations,
    secrets,
    inventory,
    dataSyncs,
    contentFolder,
    live: gateway,
    wake,
    wakeNodes,
    forgetNode,
    renamePrincipal,
    dropNode,
    sessions: dataChannels,
    publicUrl: config.publicUrl,
    checkAnswers,
    observe: metrics.countRequest,
  })

  const s3 = new S3Api({
    operations: (await Promise.all(capabilities.map(loadS3Operations))).flat(),
    crossOrigin: declaredBy(capabilities, 'crossOrigin'),
    database,
    authenticator,
    authorizer,
    audit,
    throttle,
    vault,
    clock,
    ids,
    log,
    account: config.account,
    defaultRegion: config.region,
    contentFolder,
    ownNames: ownNames(config),
    publicUrl: config.publicUrl,
    observe: metrics.countRequest,
  })

  async function settle(): Promise<void> {
    const busy = () => driver.busy() ?? gateway.busy() ?? dataChannels.busy()
    for (let work = busy(); work; work = busy()) await work
    await audit.flush()
  }

  async function beginAccount(): Promise<void> {
    const begun = { account: config.account, now: clock.now(), ids }
    await database.write(async (tx) => {
      for (const one of capabilities) await one.beginAccount?.(tx, begun)
    })
  }

  async function reset(): Promise<void> {
    controlChannels.revoke()
    await gateway.closeAll('dropped')
    dataChannels.forgetAll()
    await settle()
    await database.empty()
    data.clearFolder(contents)
    audit.forget()
    movable?.reset()
    await beginAccount()
  }

  // In memory there is nothing that another thread could read, and a clock that moves is this one's only.
  const { shared } = database
  const readingThreads = new ReadingThreads({
    count: shared && !movable ? config.readingThreads : 0,
    file: new URL('reading-thread.ts', import.meta.url),
    start: (): ReadingStart => ({
      config,
      logLevel: log.level,
      database: shared!,
      root: { ...root.key, since: root.since },
      masterKeys: vault.keys,
      checkAnswers,
    }),
    standing: () => `${root.accessKeyId} ${root.secretAccessKey} ${root.since} ${vault.currentId}`,
    account: config.account,
    reads: readsOf(operations),
    throttle,
    audit,
    observe: metrics.countRequest,
    keyUsed: (use) => keyUses.note(use),
    refused: nodeRefused,
    answerHere: (request) => api.handle(request),
    refuseHere: (request, error) => api.refuse(request, error),
    log,
  })
  if (options.readingFromTheStart) await readingThreads.begin()

  const routes: Route[] = [
    healthRoutes(database, metrics.registry, log),
    installRoutes(data.file('agent.mjs'), () => ({
      tls,
      https: listeners.https?.address,
      hostnames: config.hostnames,
      region: config.region,
    })),
    (request) => controlChannels.route(request),
    (request) => dataChannels.route(request),
    signingCertificateRoute(signer),
    downloadRoute(declaredBy(capabilities, 'download'), { database, vault, clock }),
    consoleRoutes(CONSOLE),
    ...(movable ? [testRoutes(reset, movable)] : []),
    (request) => readingThreads.route(request) ?? api.handle(request),
  ]
  const upgrade: Upgrade = (request, raw) => {
    const taken = controlChannels.upgrade(request, raw) || dataChannels.upgrade(request, raw)
    if (!taken) raw.socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n')
  }

  report('starting the listeners')
  await database.write((tx) => directory.serverStarted(tx, clock.now()))
  await gateway.start()
  await beginAccount()
  started.defer(() => audit.stop())
  // What they still answer is recorded.
  started.defer(() => readingThreads.stop())
  started.defer(() => driver.stop())
  started.defer(() => recorder?.stop())
  await dataChannels.start()
  const tls = config.https ? await tlsMaterial(data, config.hostnames, new Date()) : undefined
  const listeners = await listenOn(config, tls, options.rooms, {
    streamRoute: (request) => s3.route(request),
    routes,
    upgrade,
    log,
  })
  started.defer(async () => {
    stopping.abort()
    streams.stop()
    const closed = [listeners.http, listeners.https].map((listener) => listener?.stop())
    controlChannels.stop()
    await Promise.all([gateway.closeAll('stopping'), dataChannels.stop()])
    await Promise.all(closed)
  })
  controlChannels.start()
  driver.start()

  const parts = started.move()
  let stopped: Promise<void> | undefined
  const stop = () => (stopped ??= parts.disposeAsync())
  return {
    config,
    get rootKey() {
      return root.key
    },
    tls,
    clock,
    http: listeners.http.address,
    https: listeners.https?.address,
    isConnected: (nodeId) => gateway.isConnected({ account: config.account, region: config.region }, nodeId),
    settle,
    reset,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

async function listenOn(
  config: Config,
  tls: TlsMaterial | undefined,
  rooms: WaitingRooms | undefined,
  parts: Omit<ListenerParts, 'address' | 'tls' | 'room'>,
): Promise<{ http: Listener; https: Listener | undefined }> {
  const http = await listen({ address: config.http, tls: undefined, room: rooms?.http, ...parts })
  try {
    const https = config.https && (await listen({ address: config.https, tls, room: rooms?.https, ...parts }))
    return { http, https }
  } catch (error) {
    await http.stop()
    throw error
  }
}

/** Names under which callers reach this server; before them, in the host of a request, may stand a bucket. */
function ownNames({ hostnames, publicUrl }: Config): string[] {
  return ['localhost', ...hostnames, ...(publicUrl ? [new URL(publicUrl).hostname] : [])]
}

/** A recent end of the audit trail, noted outside of the database, and when that was. */
const AUDIT_HEAD = 'audit-head.json'

function readHead(data: DataDirectory): (AuditWitness & { readonly at?: string }) | undefined {
  const text = data.read(AUDIT_HEAD)
  return text === undefined ? undefined : JSON.parse(text)
}

function witness(data: DataDirectory): AuditTrailParts['witness'] {
  return {
    read: () => readHead(data),
    write: (noted) => data.write(AUDIT_HEAD, `${JSON.stringify({ ...noted, at: new Date().toISOString() })}\n`),
  }
}

/** The machine's date when a server was last busy with this data directory. */
function lastSeen(data: DataDirectory): number | undefined {
  const at = readHead(data)?.at
  return at === undefined ? undefined : Date.parse(at)
}
