/** Why nodes were turned away, for those who ask why one is offline (AGT-18). Told now and then, so that no caller can make us write much. */
import type { ApiError } from '#kernel/api-error.ts'
import type { NodeRefusal } from '#kernel/declare.ts'

/** How often the refusals of one node are told. */
const EVERY_MS = 30_000
const REMEMBERED = 10_000

export class NodeRefusals {
  readonly #told = new Map<string, number>()
  readonly #tell: (refusal: NodeRefusal) => void

  constructor(tell: (refusal: NodeRefusal) => void) {
    this.#tell = tell
  }

  /** A call that said it came from this node was refused. Nobody waits for it. */
  note(nodeId: string, { code, message }: ApiError, sourceIp: string, at: Date): void {
    const id = `${nodeId}/${code}`
    if (Math.abs(at.getTime() - (this.#told.get(id) ?? 0)) < EVERY_MS) return
    if (this.#told.size >= REMEMBERED) this.#told.clear()
    this.#told.set(id, at.getTime())
    this.#tell({ nodeId, code, message, sourceIp, at })
  }
}
