import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Log, sentenceOf } from '#log.ts'
import type { StateDirectory } from '#state-directory.ts'

/** AGT-22: how long scripts and outputs of finished commands stay on the node, in hours. */
export const commandLogHours = 336

/** Removes what is left of commands that ended longer ago than that. Commands that are not over are never touched. */
export async function removeOldCommands(state: StateDirectory, nowMs: number, log: Log): Promise<void> {
  const before = nowMs - commandLogHours * 3_600_000
  const active = new Set(await readdir(state.journal))
  for (const folder of [state.finished, state.corrupt, state.orchestration]) {
    for (const commandId of await readdir(folder)) {
      if (active.has(commandId)) continue
      await removeIfOlder(join(folder, commandId), before).catch((error: unknown) => {
        log.warn('an old command could not be removed', { commandId, why: sentenceOf(error) })
      })
    }
  }
}

async function removeIfOlder(path: string, before: number): Promise<void> {
  const { mtimeMs } = await stat(path)
  if (mtimeMs < before) await rm(path, { recursive: true, force: true })
}
