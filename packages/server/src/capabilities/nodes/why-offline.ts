/** Why a node is where it is, in words for the person who looks after it (AGT-18). Pure. */

import type { PingStatus } from '@steward/model/generated/ssm.ts'
import type { NodePresence, NodePresenceReason } from '@steward/model/generated/steward.ts'
import type { NodeRefusal } from '#kernel/declare.ts'
import type { NodeDouble } from './node-double.ts'

/** What is known of a node's presence. */
export interface Signs {
  readonly status: PingStatus
  /** Whether its control channel is open. */
  readonly connected: boolean
  /** Until when it counts as online without a channel. */
  readonly onlineUntil: Date
  readonly lastPingAt: Date | undefined
  readonly refusal: NodeRefusal | undefined
  readonly double: NodeDouble | undefined
}

/**
 * That it is there twice matters more than whether it is there. Refusals that came after the last good call are why it is gone; older
 * ones are history.
 */
export function explainPresence(signs: Signs): NodePresence {
  const reason = reasonOf(signs)
  const { refusal, double, lastPingAt, onlineUntil, connected, status } = signs
  return {
    Status: status,
    Reason: reason,
    ...WORDS[reason],
    ...(double && { Explanation: explainDouble(double) }),
    LastPingDateTime: lastPingAt,
    OnlineUntil: status === 'Online' && !connected ? onlineUntil : undefined,
    LastRefusal: refusal && {
      Code: refusal.code,
      Message: refusal.message,
      Date: refusal.at,
      SourceIp: refusal.sourceIp,
    },
    Duplicate: double && { Since: double.since, LastDate: double.at, SourceIps: [...double.sourceIps] },
  }
}

function reasonOf({ status, connected, lastPingAt, refusal, double }: Signs): NodePresenceReason {
  if (double) return 'TwoMachines'
  if (status === 'Online') return connected ? 'Connected' : 'Reporting'
  if (refusal && (!lastPingAt || refusal.at > lastPingAt)) return reasonOfRefusal(refusal)
  if (!lastPingAt) return 'NeverReported'
  return status === 'Inactive' ? 'LongSilent' : 'Silent'
}

function reasonOfRefusal({ code, message }: NodeRefusal): NodePresenceReason {
  if (code === 'MachineFingerprintDoesNotMatch') return 'Duplicate'
  return /^Signature (expired|not yet current)/.test(message) ? 'ClockSkew' : 'CredentialsRefused'
}

function explainDouble({ sourceIps: [one, other] }: NodeDouble): string {
  const places = one === other ? `both from ${one}` : `from ${one} and from ${other}`
  return `Two machines are connected by this node’s name, ${places}, and take the connection from each other: a copy of its disk, perhaps.`
}

const WORDS: Readonly<Record<NodePresenceReason, { Explanation: string; Advice?: string }>> = {
  Connected: { Explanation: 'Its control channel is open: commands and sessions reach it at once.' },
  Reporting: {
    Explanation:
      'It was heard from a moment ago, but has no open control channel. Commands reach it when it polls; sessions may not.',
    Advice: 'If this lasts, look whether a proxy between the node and this server closes WebSocket connections.',
  },
  NeverReported: {
    Explanation: 'It registered, and has never been heard from since.',
    Advice: 'Check on the machine that the agent is running, and that it reaches this server: steward-agent diagnose.',
  },
  CredentialsRefused: {
    Explanation:
      'It calls, but its last call was refused: this server does not accept its credentials, or its role does not allow the call.',
    Advice:
      'Read the refusal below. If the node’s key or role changed, put the role right or register the machine again.',
  },
  ClockSkew: {
    Explanation: 'It calls, but its clock is wrong by more than five minutes, so its signatures are refused.',
    Advice: 'Set the machine’s clock: it needs time synchronisation, such as chrony or systemd-timesyncd.',
  },
  Duplicate: {
    Explanation:
      'A machine calls itself by this node’s name that is not the one that registered: a copy of its disk, perhaps.',
    Advice: 'Register the copy as a node of its own, and start the original again.',
  },
  TwoMachines: {
    Explanation: 'Two machines are connected by this node’s name.',
    Advice:
      'Stop the copy, and register it as a node of its own. Until then a command goes to the machine that connected last, and to no other.',
  },
  Silent: {
    Explanation: 'Its connection ended and it has not come back.',
    Advice:
      'Check that the machine is up, that the agent runs, and that it reaches this server: steward-agent diagnose.',
  },
  LongSilent: {
    Explanation: 'It has not been heard from for more than thirty days.',
    Advice: 'If the machine is gone for good, deregister the node.',
  },
}
