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
  const onInterrupt = (handler: () => void) => {
    process.on('SIGINT', handler)
    return () => void process.off('SIGINT', handler)
  }
  return { env, stdout, stderr, stdin, onInterrupt }
}
