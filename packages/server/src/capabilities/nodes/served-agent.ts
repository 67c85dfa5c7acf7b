/**
 * Our own agent as this server gives it to nodes. What the latest version of it is, is told by that: the fleet may run an older
 * one throughout. Of Amazon's agent the newest that any node of the Region runs is the best that is known (AGT-05).
 */
import { agentName, agentVersion } from '@steward/agent/version.ts'
import { versionKey } from './node.ts'

export const SERVED_AGENT = { name: agentName, version: agentVersion, versionKey: versionKey(agentVersion) } as const
