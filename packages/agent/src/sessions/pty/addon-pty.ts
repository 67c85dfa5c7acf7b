import { chownSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import type { PtyAddon } from '#sessions/pty/addon.ts'
import type { Pty, PtyExit, PtyProgram } from '#sessions/pty/pty.ts'

/** Opens a terminal by the native addon. Throws when the system has none left. */
export function openAddonPty({ addon, helper }: { addon: PtyAddon; helper: string }, program: PtyProgram): Pty {
  const { command, environment, directory, columns, rows, owner } = program
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  let ended: (exit: PtyExit) => void
  const exited = new Promise<PtyExit>((resolve) => {
    ended = resolve
  })
  const [file = '', ...args] = command
  const onExit = (code: number, signal: number) => ended({ code, signal })
  const terminal = addon.fork(file, args, variables, directory, columns, rows, -1, -1, true, helper, onExit)
  // Programs like screen open their terminal once more, by name and as its user. Its group stays that of terminals.
  if (owner !== undefined) chownSync(terminal.pty, owner, -1)
  const stream = new ReadStream(terminal.fd)
  const closed = new Promise<void>((resolve) => stream.once('close', resolve))
  // EIO is how Linux says that nobody has the terminal open any more.
  stream.on('error', () => stream.destroy())
  return {
    pid: terminal.pid,
    exited,
    closed,
    onOutput: (listener) => stream.on('data', listener),
    write: (bytes) => new Promise((resolve) => stream.write(bytes, () => resolve())),
    resize: (columns, rows) => {
      if (!stream.destroyed) addon.resize(terminal.fd, columns, rows)
    },
    pause: () => stream.pause(),
    resume: () => stream.resume(),
    destroy: () => stream.destroy(),
  }
}
