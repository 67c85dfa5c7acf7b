import type { JsonObject } from '@steward/protocol'
import type { ClientAbilities } from '#sessions/handshake.ts'
import { destinationOf } from '#sessions/port/destination.ts'
import { MultiplexedPort } from '#sessions/port/multiplexed.ts'
import { SinglePort } from '#sessions/port/single.ts'
import type { SessionChannel } from '#sessions/session-channel.ts'
import type { SessionKind } from '#sessions/session-kind.ts'

const firstMultiplexing = '1.1.70.0'
const lastWithKeepAlive = '1.2.331.0'

/** The port session for that client. Throws SessionError when the properties name no destination. */
export function portSession(
  channel: SessionChannel,
  properties: JsonObject,
  { version, halfClose }: ClientAbilities,
): SessionKind {
  const destination = destinationOf(properties)
  const isLocal = properties.type === 'LocalPortForwarding'
  if (!isLocal || compareVersions(version, firstMultiplexing) < 0) {
    return new SinglePort(channel, destination, isLocal)
  }
  const keepAlive = compareVersions(version, lastWithKeepAlive) <= 0
  return new MultiplexedPort({ channel, destination, keepAlive, halfClose })
}

/** Negative when `a` is older than `b`. Missing and odd parts count as 0, so that no version is the oldest. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map((part) => Number.parseInt(part, 10) || 0))
  for (let i = 0; i < 4; i += 1) {
    const difference = (left![i] ?? 0) - (right![i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
