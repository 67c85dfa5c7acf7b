/*
 * A terminal where the addon does not run (musl, other processors): by the program script(1), which opens one. Its size is
 * set by stty, on the terminal's name.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { quoted } from '#sessions/command-line.ts'
import type { Pty, PtyExit, PtyProgram } from '#sessions/pty/pty.ts'

/** Opens a terminal by script(1). Rejects when the machine has no such program. */
export async function openScriptPty(program: PtyProgram): Promise<Pty> {
  const { command, environment, directory, columns, rows } = program
  // The shell that tells its process id becomes the program.
  const line = `stty rows ${rows} cols ${columns}; echo "$$"; exec ${command.map(quoted).join(' ')}`
  const child = spawn('script', ['-qfec', line, '/dev/null'], {
    cwd: directory,
    env: { ...environment, SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const { stdin, stdout } = child
  stdin.on('error', () => {})
  const exited = exitOf(child)
  const closed = new Promise<void>((resolve) => stdout.once('close', resolve))
  const pid = Number(await firstLine(stdout, exited))
  return {
    pid,
    exited,
    closed,
    onOutput: (listener) => {
      stdout.on('data', listener)
      // It was paused for want of a listener.
      if (stdout.listenerCount('data') === 1) stdout.resume()
    },
    write: (bytes) => new Promise((resolve) => stdin.write(bytes, () => resolve())),
    resize: (columns, rows) => resize(pid, columns, rows),
    pause: () => stdout.pause(),
    resume: () => stdout.resume(),
    destroy: () => child.kill('SIGKILL'),
  }
}

function exitOf(child: ChildProcess): Promise<PtyExit> {
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve({ code: code ?? 1, signal: 0 }))
    child.once('error', () => resolve({ code: 127, signal: 0 }))
  })
}

/** Takes the first line off a stream and leaves the rest for others. */
function firstLine(stream: Readable, ended: Promise<unknown>): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = Buffer.alloc(0)
    const look = (bytes: Buffer) => {
      text = Buffer.concat([text, bytes])
      const end = text.indexOf('\n')
      if (end < 0) return
      stream.off('data', look)
      stream.pause()
      if (end + 1 < text.length) stream.unshift(text.subarray(end + 1))
      resolve(text.subarray(0, end).toString().trim())
    }
    stream.on('data', look)
    void ended.then(() => reject(new Error('script(1) opened no terminal; install it (bsdutils, util-linux)')))
  })
}

function resize(pid: number, columns: number, rows: number): void {
  try {
    const terminal = readlinkSync(`/proc/${pid}/fd/0`)
    execFile('stty', ['-F', terminal, 'rows', String(rows), 'cols', String(columns)], () => {})
  } catch {
    // The program is gone.
  }
}
