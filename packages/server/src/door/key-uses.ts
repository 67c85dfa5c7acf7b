import type { KeyUse } from '#kernel/declare.ts'

/** How often the use of a key is written down, for each service and Region it is used with. */
const KEY_USE_MS = 60_000
const REMEMBERED_USES = 10_000

/** When keys of users and the root were used: told now and then, so that no caller can make us write much. Nobody waits for it. */
export class KeyUses {
  readonly #told = new Map<string, number>()
  readonly #tell: (use: KeyUse) => void

  constructor(tell: (use: KeyUse) => void) {
    this.#tell = tell
  }

  note(use: KeyUse): void {
    const id = `${use.accessKeyId}/${use.service}/${use.region}`
    if (use.at.getTime() - (this.#told.get(id) ?? 0) < KEY_USE_MS) return
    if (this.#told.size >= REMEMBERED_USES) this.#told.clear()
    this.#told.set(id, use.at.getTime())
    this.#tell(use)
  }
}
