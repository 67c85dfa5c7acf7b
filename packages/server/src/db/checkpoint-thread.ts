/** The thread of `checkpoints.ts`. */
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

/** `begin` while others write, `finish` when nobody does. */
export type ToCheckpointThread = 'begin' | 'finish'

export type FromCheckpointThread =
  | 'little left'
  /** It is finished but for so many pages, which somebody reads as they were. */
  | { readonly left: number }
  | { readonly message: string; readonly errcode: number | undefined }

/** Pages that are copied in a moment. */
const LITTLE = 256
/** A writer that is faster than this thread has to wait for more than a little. */
const ROUNDS = 4

const port = parentPort!
const database = new DatabaseSync(workerData as string)
// So that a power cut in the midst of it loses nothing: the log is synced before its pages are copied, and they before it begins anew.
database.exec('pragma synchronous = normal')
const checkpoint = database.prepare('pragma wal_checkpoint(passive)')

function pagesLeft(): number {
  const { log, checkpointed } = checkpoint.get() as { log: number; checkpointed: number }
  return log - checkpointed
}

function run(message: ToCheckpointThread): FromCheckpointThread {
  try {
    if (message === 'begin') {
      for (let round = 0; round < ROUNDS && pagesLeft() > LITTLE; round++);
      return 'little left'
    }
    return { left: pagesLeft() }
  } catch (error) {
    const { message, errcode } = error as Error & { errcode?: number }
    return { message, errcode }
  }
}

port.on('message', (message: ToCheckpointThread) => port.postMessage(run(message)))
