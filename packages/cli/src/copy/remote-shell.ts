import type { Readable, Writable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { Fault } from '#fault.ts'

/** A command that runs at the other end, with its three streams. */
export interface RemoteCommand {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** The exit code, once all output has come. Rejects when the command's end will never be known. */
  readonly ended: Promise<number>
  /** Whether all that it prints comes byte for byte, which is known once it runs. */
  readonly exact: Promise<boolean>
}

/** What a script is to read. */
export type Bytes = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>

/** Runs lines of a POSIX shell somewhere else. */
export type RemoteShell = (line: string) => RemoteCommand

/** What a script prints, without the last line break. A Fault with what it complains of when it fails. */
export function outputOf(shell: RemoteShell, script: string, input: Bytes = []): Promise<string> {
  return printedBy(shell(script), input)
}

/** The same of a command that runs already. */
export async function printedBy(command: RemoteCommand, input: Bytes = []): Promise<string> {
  const [output] = await Promise.all([text(command.stdout), outcome(command, input)])
  return output.replace(/\n$/, '')
}

/** Lets a script read `input` to its end, or take the output away, or both; throws Fault unless it succeeds. */
export async function outcome(command: RemoteCommand, input: Bytes = []): Promise<void> {
  const complaint = buffer(command.stderr)
  // When the session breaks, `ended` says so; this would be a second rejection that nobody awaits.
  complaint.catch(() => {})
  const [code] = await Promise.all([command.ended, feed(command, input)])
  if (code === 0) return
  const said = (await complaint).toString().trim()
  throw new Fault(`The node says: ${said || `exit code ${code}`}`, { exitCode: 1 })
}

// A script that ends before it has read everything is judged by its exit code, not by the stream that broke.
async function feed({ stdin }: RemoteCommand, input: Bytes): Promise<void> {
  try {
    await pipeline(input, stdin)
  } catch (error) {
    if (!BROKEN.includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

const BROKEN = ['EPIPE', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED']
