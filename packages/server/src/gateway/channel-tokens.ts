import type { NodeRef } from '#kernel/declare.ts'
import type { Ids } from '#kernel/ids.ts'

const LIFE_MS = 60_000

/**
 * The one-time tokens between CreateControlChannel and the first frame of the WebSocket. They live a minute and in memory:
 * after a restart of the server an agent simply asks for another.
 */
export class ChannelTokens {
  readonly #issued = new Map<string, { node: NodeRef; until: number }>()
  readonly #ids: Ids

  constructor(ids: Ids) {
    this.#ids = ids
  }

  issue(node: NodeRef, now: Date): string {
    this.#forgetOld(now)
    const token = this.#ids.secret(64)
    this.#issued.set(token, { node, until: now.getTime() + LIFE_MS })
    return token
  }

  /** Uses the token up. Undefined if it was never issued, is used, is too old, or is another node's. */
  redeem(token: string, nodeId: string, now: Date): NodeRef | undefined {
    const issued = this.#issued.get(token)
    this.#issued.delete(token)
    return issued && issued.node.nodeId === nodeId && isGood(issued.until, now) ? issued.node : undefined
  }

  /** Forgets the tokens of a node, or all. */
  revoke(nodeId?: string): void {
    for (const [token, { node }] of this.#issued) {
      if (nodeId === undefined || node.nodeId === nodeId) this.#issued.delete(token)
    }
  }

  /** Tokens are issued in order of time, so those that are no good any more are in front. */
  #forgetOld(now: Date): void {
    for (const [token, { until }] of this.#issued) {
      if (isGood(until, now)) return
      this.#issued.delete(token)
    }
  }
}

/** A token that would be good for longer than any was made before the clock was set back. */
function isGood(until: number, now: Date): boolean {
  return until > now.getTime() && until <= now.getTime() + LIFE_MS
}
