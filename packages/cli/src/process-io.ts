import { EXIT } from './fault.ts'
import type { Io } from './io.ts'

/** The streams, the environment and the Ctrl-C of this process. */
export function processIo(): Io {
  const { env, stdout, stderr, stdin } = process
  // `steward logs … | head` closes the pipe early; that is no fault.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok)
    throw error
  })
  return {
    env,
    stdout,
    stderr,
    stdin,
    onInterrupt: (handler) => listen(['SIGINT'], handler),
    onTermination: (handler) => listen(['SIGTERM', 'SIGHUP'], handler),
  }
}

function listen(signals: readonly NodeJS.Signals[], handler: () => void): () => void {
  for (const signal of signals) process.on(signal, handler)
  return () => {
    for (const signal of signals) process.off(signal, handler)
  }
}
