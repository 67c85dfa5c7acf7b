import { CommanderError } from 'commander'
import { EXIT, Fault } from './fault.ts'
import { type Io, paint } from './io.ts'
import { processIo } from './process-io.ts'
import { program } from './program.ts'

/** Runs what the command line of this process says and leaves its exit code behind. */
export async function main(): Promise<void> {
  process.exitCode = await steward(process.argv.slice(2), processIo())
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
