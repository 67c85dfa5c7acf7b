import { createInterface } from 'node:readline'
import type { FleetView } from './fleet/fleet-view.ts'
import type { Io } from './io.ts'

/** Stops watching; what is watched goes on. */
export type Leave = () => void

/**
 * The first Ctrl-C asks whether to cancel and goes on watching whatever the answer, so that the end is seen; the second leaves.
 * Where nobody can be asked, the first leaves. Returns the function that ends this.
 */
export function withInterrupts(
  io: Io,
  view: Pick<FleetView, 'pause' | 'resume' | 'say'>,
  leave: Leave,
  cancel: () => Promise<void>,
): () => void {
  let asked = false
  const closeQuestion = new AbortController()
  const onInterrupt = () => {
    if (asked || !io.stdin.isTTY || !io.stderr.isTTY) {
      closeQuestion.abort()
      leave()
      return
    }
    asked = true
    view.pause()
    question(io, 'Cancel the command? [y/N] (Ctrl-C leaves it running) ', closeQuestion.signal, onInterrupt)
      .then(async (answer) => {
        view.resume()
        if (!/^y(es)?$/i.test(answer.trim())) return
        view.say('Cancelling …')
        await cancel()
      })
      .catch((error: Error) => view.say(error.message))
  }
  const stopListening = io.onInterrupt(onInterrupt)
  return () => {
    stopListening()
    closeQuestion.abort()
  }
}

/** One line of an answer; '' when the question is withdrawn. A terminal in readline's hands tells of Ctrl-C here. */
function question(io: Io, text: string, signal: AbortSignal, onInterrupt: () => void): Promise<string> {
  const reader = createInterface({ input: io.stdin, output: io.stderr as NodeJS.WritableStream, terminal: true })
  return new Promise<string>((resolve) => {
    reader.on('SIGINT', onInterrupt)
    reader.once('close', () => resolve(''))
    signal.addEventListener('abort', () => reader.close(), { once: true })
    reader.question(text, resolve)
  }).finally(() => reader.close())
}
