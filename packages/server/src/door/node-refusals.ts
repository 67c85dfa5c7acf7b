/** Why nodes were turned away, for those who ask why one is offline (AGT-18). Written down now and then, so that no caller can make us write much. */
import type { Database } from '#db/database.ts'
import type { ApiError } from '#kernel/api-error.ts'
import type { NodeDirectory } from '#kernel/declare.ts'
import type { Logger } from '#kernel/logger.ts'

/** How often the refusals of one node are written down. */
const EVERY_MS = 30_000
const REMEMBERED = 10_000

export class NodeRefusals {
  readonly #parts: { readonly database: Database; readonly nodes: NodeDirectory; readonly log: Logger }
  readonly #written = new Map<string, number>()

  constructor(parts: { readonly database: Database; readonly nodes: NodeDirectory; readonly log: Logger }) {
    this.#parts = parts
  }

  /** A call that said it came from this node was refused. Nobody waits for it to be written. */
  note(nodeId: string, { code, message }: ApiError, sourceIp: string, at: Date): void {
    const { database, nodes, log } = this.#parts
    const id = `${nodeId}/${code}`
    if (Math.abs(at.getTime() - (this.#written.get(id) ?? 0)) < EVERY_MS) return
    if (this.#written.size >= REMEMBERED) this.#written.clear()
    this.#written.set(id, at.getTime())
    database
      .write((tx) => nodes.refused(tx, { nodeId, code, message, sourceIp, at }))
      .catch((err: unknown) => log.warn({ err, nodeId }, 'refusal of a node not written down'))
  }
}
