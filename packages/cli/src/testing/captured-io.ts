import { PassThrough, Writable } from 'node:stream'
import type { Io } from '#io.ts'

/** An Io whose output is kept, and whose Ctrl-C and keyboard are the test's. */
export interface CapturedIo extends Io {
  readonly out: () => string
  readonly err: () => string
  readonly interrupt: () => void
  readonly keyboard: PassThrough
}

export function capturedIo(env: Io['env'] = {}, options: { terminal?: boolean } = {}): CapturedIo {
  const terminal = options.terminal ?? false
  const stdout = capture(terminal)
  const stderr = capture(terminal)
  const keyboard = new PassThrough()
  const handlers = new Set<() => void>()
  return {
    env: { NO_COLOR: '1', ...env },
    stdout,
    stderr,
    stdin: Object.assign(keyboard, { isTTY: terminal }),
    onInterrupt(handler) {
      handlers.add(handler)
      return () => handlers.delete(handler)
    },
    onTermination: () => () => {},
    out: stdout.text,
    err: stderr.text,
    interrupt() {
      for (const handler of handlers) handler()
    },
    keyboard,
  }
}

function capture(isTTY: boolean) {
  const chunks: Buffer[] = []
  const stream = new Writable({
    decodeStrings: true,
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk)
      done()
    },
  })
  return Object.assign(stream, { isTTY, columns: 100, rows: 30, text: () => Buffer.concat(chunks).toString() })
}
