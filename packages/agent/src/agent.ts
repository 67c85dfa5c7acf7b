/*
 * One agent: its registration, its connection, its commands, wired together. Messages are told apart by type; what is
 * not known is ignored, so that a newer server can say more than we understand.
 */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  type AckStatus,
  type AgentJob,
  type AgentMessage,
  ackStatus,
  formatAgentJobAck,
  messageType,
  parseAgentJob,
  parseAgentJobReplyAck,
  parseCancelCommand,
  parseOutputAck,
  serverPingSeconds,
  topicPrefix,
} from '@steward/protocol'
import { listAssociations } from '#associations/association.ts'
import type { Associations } from '#associations/associations.ts'
import { type CommandLimits, Commands, type CommandsHost } from '#commands/commands.ts'
import { OutputSender } from '#commands/output-sender.ts'
import { Reboot } from '#commands/reboot.ts'
import { ReplyOutbox } from '#commands/reply-outbox.ts'
import { removeOldCommands } from '#commands/retention.ts'
import { type Configuration, ConfigurationError, readConfiguration, writeConfiguration } from '#configuration.ts'
import { type Log, sentenceOf } from '#log.ts'
import { type Platform, readBootId, readMachineId, readPlatform } from '#platform.ts'
import { builtInPlugins } from '#plugins/built-in-plugins.ts'
import type { Plugin, PluginResult } from '#plugins/plugin.ts'
import { refreshAssociation } from '#plugins/refresh-association.ts'
import { noSoftwareInventory, softwareInventory } from '#plugins/software-inventory.ts'
import { type Replaceable, updateSsmAgent } from '#plugins/update-ssm-agent/update-ssm-agent.ts'
import { ScriptRunner } from '#scripts/script-runner.ts'
import { ControlChannel } from '#server/control-channel.ts'
import { NodeCredentials } from '#server/node-credentials.ts'
import { ServerClock } from '#server/server-clock.ts'
import { type Endpoint, SsmClient } from '#server/ssm-client.ts'
import type { Sessions } from '#sessions/sessions.ts'
import type { SessionLimits } from '#sessions/worker-order.ts'
import { takeLock } from '#single-agent-lock.ts'
import { createStateDirectory, stateDirectory } from '#state-directory.ts'
import { agentName, agentVersion } from '#version.ts'

export type AgentOptions = {
  /** The state directory of a registered machine. */
  stateDirectory: string
  log: Log
  /** Milliseconds since 1970. */
  now?: () => number
  newId?: () => string
  /** Instead of the built-in ones. */
  plugins?: Plugin[]
  limits?: Partial<AgentLimits>
  /** The program around the agent, if another version may take its place. */
  replaceable?: Replaceable
  /** Hears whenever the control channel has opened. */
  onConnected?: () => void
  /** Instead of the machine's; tests use it to look like a machine that was restarted. */
  bootId?: string
}

/** What may be changed, mostly by tests. Times in milliseconds. */
export type AgentLimits = CommandLimits & {
  sessions: Partial<SessionLimits>
  healthEveryMs: number
  associationsEveryMs: number
  longestReconnectMs: number
  serverPingMs: number
  resendRepliesAfterMs: number
  outputPollMs: number
  outputPatienceMs: number
  cancelGraceMs: number
  maxReboots: number
  /** How long the machine may take to go down for a restart. */
  rebootPatienceMs: number
}

const defaultLimits: Omit<AgentLimits, 'associationsEveryMs'> = {
  sessions: {},
  parallel: 5,
  waiting: 1000,
  healthEveryMs: 5 * 60_000,
  longestReconnectMs: 60_000,
  serverPingMs: serverPingSeconds * 1000,
  resendRepliesAfterMs: 30_000,
  outputPollMs: 200,
  outputPatienceMs: 30_000,
  cancelGraceMs: 5_000,
  maxReboots: 15,
  rebootPatienceMs: 10 * 60_000,
}

/** An agent inside another program. */
const notReplaceable: Replaceable = {
  refusal: 'it is part of another program and is updated with that',
  isOnTrial: false,
  next: '',
  replace: () => {},
}

/** A running agent. */
export type Agent = {
  nodeId: string
  /** Whether the control channel is open. */
  connected(): boolean
  /** Stops within moments; scripts go on, and the next agent on the state directory takes them over. */
  stop(): Promise<void>
}

/** Starts an agent on a registered machine. Throws ConfigurationError or AgentAlreadyRuns. */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const state = stateDirectory(options.stateDirectory)
  const configuration = await readConfiguration(state.configuration)
  if (!configuration)
    throw new ConfigurationError(`This machine is not registered: ${state.configuration} does not exist.`)
  await createStateDirectory(state)
  const release = takeLock(state.lock)
  try {
    const running = new RunningAgent(options, await ownFingerprint(configuration, state.configuration), release)
    await running.start()
    return running
  } catch (error) {
    release()
    throw error
  }
}

/** A copied disk must not pass for the machine it was copied from: on another machine the fingerprint is another. */
async function ownFingerprint(configuration: Configuration, path: string): Promise<Configuration> {
  const machineId = readMachineId()
  if (configuration.machineId === machineId) return configuration
  const changed = { ...configuration, machineId, fingerprint: randomUUID() }
  await writeConfiguration(path, changed)
  return changed
}

class RunningAgent implements Agent {
  readonly nodeId: string
  readonly #log: Log
  readonly #now: () => number
  readonly #newId: () => string
  readonly #limits: AgentLimits
  readonly #platform: Platform = readPlatform()
  readonly #release: () => void
  readonly #state
  readonly #credentials: NodeCredentials
  readonly #ssm: SsmClient
  readonly #channel: ControlChannel
  readonly #outbox: ReplyOutbox
  readonly #output: OutputSender
  readonly #host: CommandsHost
  readonly #commands: Commands
  readonly #configuration: Configuration
  readonly #endpoint: Endpoint
  readonly #timers: NodeJS.Timeout[] = []
  readonly #onConnected: () => void
  #sessions: Promise<Sessions> | undefined
  #associations: Promise<Associations> | undefined
  #healthReportedAt = 0
  #associationsAskedAt = 0
  /** Until the associations that were asked for last are known; never rejects. */
  #listing: Promise<void> = Promise.resolve()

  constructor(options: AgentOptions, configuration: Configuration, release: () => void) {
    const { url, region, ca, nodeId } = configuration
    const endpoint: Endpoint = { url, region, ca, clock: new ServerClock(options.now) }
    this.nodeId = nodeId
    this.#configuration = configuration
    this.#endpoint = endpoint
    this.#log = options.log
    this.#now = options.now ?? Date.now
    this.#onConnected = options.onConnected ?? (() => {})
    this.#newId = options.newId ?? (() => randomUUID())
    const associationMinutes = Math.min(Math.max(Number(configuration.associationMinutes) || 10, 5), 60)
    this.#limits = { ...defaultLimits, associationsEveryMs: associationMinutes * 60_000, ...options.limits }
    this.#release = release
    this.#state = stateDirectory(options.stateDirectory)
    const shared = { endpoint, log: this.#log }
    this.#credentials = new NodeCredentials({ ...shared, configuration, state: this.#state })
    const credentials = () => this.#credentials.current()
    this.#ssm = new SsmClient(endpoint, credentials, () => this.#credentials.forget())
    this.#channel = new ControlChannel({
      ...shared,
      nodeId,
      credentials,
      now: this.#now,
      newId: this.#newId,
      longestWaitMs: this.#limits.longestReconnectMs,
      serverPingMs: this.#limits.serverPingMs,
      onRefused: () => this.#credentials.forget(),
      onOpen: (steward) => this.#connected(steward),
      onClose: () => this.#output.disconnected(),
      onMessage: (message) => this.#received(message),
    })
    const send = this.#channel.send.bind(this.#channel)
    this.#outbox = new ReplyOutbox(send, this.#limits.resendRepliesAfterMs)
    const { outputPollMs: pollMs, outputPatienceMs: patienceMs, cancelGraceMs: graceMs } = this.#limits
    this.#output = new OutputSender({ send, newId: this.#newId, pollMs, patienceMs })
    const plugins = [
      ...(options.plugins ?? builtInPlugins),
      noSoftwareInventory,
      updateSsmAgent({ replaceable: options.replaceable ?? notReplaceable, record: this.#state.update }),
      refreshAssociation((ids) => this.#asTheNext(async () => (await this.#loadAssociations()).refresh(ids))),
    ]
    const bootId = options.bootId ?? readBootId()
    this.#host = {
      plugins: new Map(plugins.map((plugin) => [plugin.name, plugin])),
      server: {
        url,
        region,
        ca,
        credentials,
        getDocument: (name, version) => this.#ssm.getDocument(name, version),
        getSecret: (name) => this.#secret(name),
      },
      getParameters: (names) => this.#ssm.getParameters(names, false),
      scripts: new ScriptRunner({ bootId, now: this.#now, graceMs }),
      outbox: this.#outbox,
      output: this.#output,
      log: this.#log,
      platformType: this.#platform.platformType,
      orchestration: this.#state.orchestration,
      environment: (commandId) => this.#environment(commandId, region),
      now: this.#now,
      newId: this.#newId,
      outputServices: async () => (await import('#outputs/output-services.ts')).outputServices(endpoint, credentials),
      reboot: new Reboot({
        bootId,
        restart: () => runCommand(configuration.rebootCommand ?? '/sbin/shutdown -r +1'),
        patienceMs: this.#limits.rebootPatienceMs,
        log: this.#log,
      }),
      maxReboots: this.#limits.maxReboots,
    }
    this.#commands = new Commands(this.#state, nodeId, this.#host, this.#limits)
  }

  connected(): boolean {
    return this.#channel.connected
  }

  async start(): Promise<void> {
    await removeOldCommands(this.#state, this.#now(), this.#log)
    // Before the commands, which begin nothing while an association waits for its restart.
    if (existsSync(join(this.#state.associations, 'runs'))) await this.#loadAssociations()
    await this.#commands.recover()
    if (readdirSync(this.#state.sessions).length > 0) (await this.#loadSessions()).recover()
    this.#every(24 * 3_600_000, () => removeOldCommands(this.#state, this.#now(), this.#log))
    this.#every(this.#limits.healthEveryMs, () => this.#reportHealth())
    this.#every(this.#limits.associationsEveryMs, () => this.#pollAssociations())
    this.#channel.start()
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    this.#channel.stop()
    this.#credentials.stop()
    this.#outbox.stop()
    this.#output.stop()
    void this.#sessions?.then((sessions) => sessions.stop())
    await this.#associations?.then((associations) => associations.stop())
    await this.#commands.stop()
    this.#release()
  }

  #connected(steward: boolean): void {
    this.#onConnected()
    this.#outbox.connected()
    this.#output.connected(steward)
    void this.#sessions?.then((sessions) => sessions.connected())
    void this.#associations?.then((associations) => associations.connected())
    // A server that was away does not wait for the next regular report, nor a node for the next poll.
    if (this.#now() - this.#healthReportedAt > this.#limits.healthEveryMs)
      void this.#attempt(() => this.#reportHealth())
    if (this.#now() - this.#associationsAskedAt > this.#limits.associationsEveryMs)
      void this.#attempt(() => this.#pollAssociations())
  }

  #received(message: AgentMessage): void {
    switch (message.messageType) {
      case messageType.agentJob:
        void this.#attempt(() => this.#receivedJob(message))
        break
      case messageType.agentJobReplyAck:
        this.#outbox.acknowledge(parseAgentJobReplyAck(message.payload).acknowledgedMessageId)
        break
      case messageType.stewardOutputAck:
        this.#output.acknowledge(parseOutputAck(message.payload))
        break
      case messageType.interactiveShell:
        void this.#attempt(async () => (await this.#loadSessions()).start(message.payload))
        break
      case messageType.channelClosed:
        void this.#attempt(async () => (await this.#loadSessions()).end(message.payload))
        break
      case messageType.agentTaskAcknowledge:
        void this.#attempt(async () => (await this.#loadSessions()).acknowledged(message.payload))
        break
      default:
        this.#log.debug('a message of another type was ignored', { type: message.messageType })
    }
  }

  async #receivedJob(message: AgentMessage): Promise<void> {
    const job = parseAgentJob(message.payload)
    const isCancel = job.topic.startsWith(topicPrefix.cancelCommand)
    if (!isCancel && !job.topic.startsWith(topicPrefix.sendCommand)) {
      this.#acknowledge(message, job.jobId, ackStatus.unexpectedDocumentType)
      return
    }
    const status = await (isCancel ? this.#cancel(job) : this.#commands.accept(job))
    const what = isCancel ? 'a cancellation arrived' : 'a command arrived'
    this.#log.info(what, { jobId: job.jobId, answer: status.errorMessage })
    this.#acknowledge(message, job.jobId, status)
    if (isCancel) this.#commands.confirmCancel(job)
  }

  /** What is named may be a command, or an association whose time is up. */
  async #cancel(job: AgentJob): Promise<AckStatus> {
    const status = await this.#commands.cancel(job)
    if (status === ackStatus.successful)
      await (await this.#associations)?.cancel(parseCancelCommand(job.content).commandId)
    return status
  }

  /** Loaded when there is a session for the first time: most nodes never have one. */
  #loadSessions(): Promise<Sessions> {
    this.#sessions ??= import('#sessions/sessions.ts').then(
      ({ Sessions }) =>
        new Sessions({
          state: this.#state,
          nodeId: this.nodeId,
          endpoint: this.#endpoint,
          settings: this.#configuration.sessions ?? {},
          credentials: () => this.#credentials.current(),
          send: this.#channel.send.bind(this.#channel),
          newId: this.#newId,
          log: this.#log,
          limits: this.#limits.sessions,
        }),
    )
    return this.#sessions
  }

  /** What runs associations is loaded when there is one. */
  #pollAssociations(): Promise<void> {
    this.#associationsAskedAt = this.#now()
    return this.#asTheNext(async () => {
      const askedAt = performance.now()
      const listed = await listAssociations(this.#ssm, this.nodeId)
      if (listed.length > 0 || this.#associations) await (await this.#loadAssociations()).take(listed, askedAt)
    })
  }

  /** One list after the other: of two on their way at once nobody could say which is the newer. */
  #asTheNext(ask: () => Promise<void>): Promise<void> {
    const asked = this.#listing.then(ask)
    this.#listing = asked.catch(() => {})
    return asked
  }

  #loadAssociations(): Promise<Associations> {
    this.#associations ??= import('#associations/associations.ts').then(async ({ Associations }) => {
      const inventory = softwareInventory((inputs, signal) => this.#collectInventory(inputs, signal))
      const associations = new Associations({
        folder: this.#state.associations,
        nodeId: this.nodeId,
        ssm: this.#ssm,
        host: { ...this.#host, plugins: new Map([...this.#host.plugins, [inventory.name, inventory]]) },
        log: this.#log,
        now: () => this.#endpoint.clock.now(),
      })
      await associations.recover()
      return associations
    })
    return this.#associations
  }

  async #collectInventory(inputs: unknown, signal: AbortSignal): Promise<PluginResult> {
    const { runCollection } = await import('#inventory/run-collection.ts')
    const { clock, ...server } = this.#endpoint
    const credentials = await this.#credentials.current()
    const places = { folder: this.#state.inventory, nodeId: this.nodeId, aheadMs: clock.now() - Date.now() }
    return runCollection({ inputs, ...server, ...places, credentials }, signal)
  }

  #acknowledge(message: AgentMessage, jobId: string, { statusCode, errorMessage }: AckStatus): void {
    const createdDate = new Date(message.createdDate).toISOString()
    const payload = formatAgentJobAck({
      jobId,
      acknowledgedMessageId: message.messageId,
      createdDate,
      statusCode,
      errorMessage,
    })
    this.#channel.send({ messageType: messageType.agentJobAck, messageId: this.#newId(), payload })
  }

  async #reportHealth(): Promise<void> {
    const { platformType, platformName, platformVersion, computerName, ipAddress } = this.#platform
    await this.#ssm.updateInstanceInformation({
      InstanceId: this.nodeId,
      AgentName: agentName,
      AgentVersion: agentVersion,
      AgentStatus: 'Active',
      PlatformType: platformType,
      PlatformName: platformName,
      PlatformVersion: platformVersion,
      ComputerName: computerName,
      ...(ipAddress ? { IPAddress: ipAddress } : {}),
      SSMConnectionChannel: 'ssmmessages',
    })
    this.#healthReportedAt = this.#now()
  }

  /** What scripts find in their environment besides the agent's own. */
  #environment(commandId: string, region: string): { [name: string]: string | undefined } {
    return {
      ...process.env,
      AWS_SSM_INSTANCE_ID: this.nodeId,
      AWS_SSM_REGION_NAME: region,
      AWS_SSM_PLATFORM_NAME: this.#platform.platformName,
      AWS_SSM_PLATFORM_VERSION: this.#platform.platformVersion,
      AWS_SHARED_CREDENTIALS_FILE: this.#state.credentials,
      SSM_COMMAND_ID: commandId,
    }
  }

  async #secret(name: string): Promise<string> {
    const { found } = await this.#ssm.getParameters([name], true)
    if (!found[0]) throw new Error(`The parameter ${name} does not exist`)
    return found[0].value
  }

  #every(ms: number, task: () => Promise<void>): void {
    this.#timers.push(setInterval(() => void this.#attempt(task), ms).unref())
  }

  async #attempt(task: () => Promise<void>): Promise<void> {
    try {
      await task()
    } catch (error) {
      this.#log.warn('a task of the agent failed', { why: sentenceOf(error) })
    }
  }
}

/** Runs a command of the configuration; answers why it failed. */
function runCommand(command: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', command], { stdio: 'ignore', detached: true })
    child.once('error', (error) => resolve(sentenceOf(error)))
    child.once('exit', (code, signal) => resolve(code === 0 ? undefined : `${command} ended with ${code ?? signal}`))
    child.unref()
  })
}
