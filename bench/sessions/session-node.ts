/**
 * One node with any number of shells in one process: the real agent's connections, and instead of terminals an echo. Its first
 * argument is the state directory of a registered machine. Says `connected` to its parent.
 */
import { randomUUID } from 'node:crypto'
import { readConfiguration } from '@steward/agent/configuration.ts'
import { lineLog } from '@steward/agent/log.ts'
import { ControlChannel } from '@steward/agent/server/control-channel.ts'
import { NodeCredentials } from '@steward/agent/server/node-credentials.ts'
import { ServerClock } from '@steward/agent/server/server-clock.ts'
import { Connection } from '@steward/agent/sessions/connection.ts'
import { SessionChannel } from '@steward/agent/sessions/session-channel.ts'
import { stateDirectory } from '@steward/agent/state-directory.ts'
import { messageType } from '@steward/protocol'
import { parseInteractiveShell, payloadType } from '@steward/protocol/session/index.ts'

const log = lineLog(() => {})
const state = stateDirectory(process.argv[2]!)
const configuration = (await readConfiguration(state.configuration))!
const { url, region, ca, nodeId } = configuration
const endpoint = { url, region, ca, clock: new ServerClock() }
const nodeCredentials = new NodeCredentials({ endpoint, configuration, state, log })
const common = { endpoint, nodeId, credentials: () => nodeCredentials.current(), log, newId: randomUUID }

new ControlChannel({
  ...common,
  onRefused: () => nodeCredentials.forget(),
  now: Date.now,
  onOpen: () => process.send!('connected'),
  onClose: () => {},
  onMessage: (message) => {
    if (message.messageType === messageType.interactiveShell)
      openShell(parseInteractiveShell(message.payload).sessionId)
  },
  longestWaitMs: 1000,
  serverPingMs: 5000,
}).start()

const shells = new Set<string>()

function openShell(sessionId: string): void {
  if (shells.has(sessionId)) return
  shells.add(sessionId)
  const channel = new SessionChannel(() => connection.stop())
  channel.listen((message) => {
    if (message.payloadType === payloadType.output) channel.send(payloadType.output, message.payload)
  })
  const connection: Connection = new Connection({
    ...common,
    sessionId,
    token: undefined,
    patienceMs: 60_000,
    onAdmitted: () => {},
    onOpen: (write) => {
      channel.connected(write)
      channel.tellState(sessionId, 'Connected')
      channel.send(payloadType.output, '$ ')
    },
    onClose: () => channel.disconnected(),
    onFrame: (frame) => channel.received(frame),
    onGivenUp: () => {},
  })
  connection.start()
}
