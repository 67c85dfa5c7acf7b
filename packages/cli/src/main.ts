import { CommanderError } from 'commander'
import { EXIT, Fault } from './fault.ts'
import { type Io, paint } from './io.ts'
import { program } from './program.ts'

/** Runs what the command line of this process says and leaves its exit code behind. */
export async function main(): Promise<void> {
  const { env, stdout, stderr, stdin, argv } = process
  // `steward logs … | head` closes the pipe early; that is no fault.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok)
    throw error
  })
  const onInterrupt = (handler: () => void) => {
    process.on('SIGINT', handler)
    return () => void process.off('SIGINT', handler)
  }
  process.exitCode = await steward(argv.slice(2), { env, stdout, stderr, stdin, onInterrupt })
}

/** Runs one command line; answers its exit code and never rejects for something a person can mend. */
export async function steward(words: readonly string[], io: Io): Promise<number> {
  let exitCode: number = EXIT.ok
  try {
    await program(io, (code) => {
      exitCode = code
    }).parseAsync([...words], { from: 'user' })
    return exitCode
  } catch (error) {
    // Commander has said already what is wrong.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
    if (!(error instanceof Fault)) throw error
    io.stderr.write(`${paint(io, io.stderr, 'red', 'steward:')} ${error.message}\n`)
    if (error.mend) io.stderr.write(`${error.mend}\n`)
    return error.exitCode
  }
}
