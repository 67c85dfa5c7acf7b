import type { Io, Output } from '#io.ts'
import { EscapeFilter } from './escape-filter.ts'
import type { SessionUse, Use } from './join-session.ts'
import { Terminal } from './terminal.ts'

const END_OF_TRANSMISSION = Uint8Array.of(0x04)
const NEWLINE = 0x0a
const RETURN = Uint8Array.of(0x0d)

/** Gives keyboard and screen to a session. With `escapes`, `~.` leaves it. */
export function inTerminal(io: Io, { escapes }: { escapes: boolean }): Use {
  return (client, _session, leave) => {
    const terminal = new Terminal(io)
    const filter = escapes && io.stdin.isTTY ? new EscapeFilter() : undefined
    const type = (bytes: Uint8Array) => {
      const { forward, leave: left } = filter?.take(bytes) ?? { forward: bytes, leave: false }
      client.input(forward.length === 1 && forward[0] === NEWLINE ? RETURN : forward)
      if (!client.hasRoom) io.stdin.pause()
      if (left) leave()
    }
    // What was piped in has an end, and a shell leaves at it as it does at Ctrl-D.
    const end = () => client.input(END_OF_TRANSMISSION)
    const giveBack = terminal.takeOver()
    const stopWatching = terminal.onResize(({ columns, rows }) => client.resize({ cols: columns, rows }))
    const { columns, rows } = terminal.size
    client.resize({ cols: columns, rows })
    io.stdin.on('data', type)
    io.stdin.on('end', end)
    return {
      ...shownOn(client, () => io.stdout),
      room: () => void io.stdin.resume(),
      stop() {
        io.stdin.off('data', type)
        io.stdin.off('end', end)
        io.stdin.pause()
        stopWatching()
        giveBack()
      },
    }
  }
}

/** Writes what comes, and lets nothing come while the output takes no more. */
export function shownOn(
  client: { pause(): void; resume(): void },
  outputOf: (stream: 'output' | 'error') => Output,
): Required<Pick<SessionUse, 'output'>> {
  return {
    output(bytes, stream) {
      const output = outputOf(stream)
      if (output.write(bytes) !== false || !output.once) return
      client.pause()
      output.once('drain', () => client.resume())
    },
  }
}
