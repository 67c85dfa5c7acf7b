import type { Io } from '#io.ts'

/** What is shown of a copy while it goes on. */
export interface Progress {
  /** A file begins; `done` bytes of it were there already. */
  file(name: string, size: number, done: number): void
  add(bytes: number): void
  end(): void
}

export const silent: Progress = { file() {}, add() {}, end() {} }

const EVERY_MS = 250

/** One line in a terminal, drawn anew four times a second; nothing elsewhere. */
export function shownProgress(io: Pick<Io, 'stderr'>, now: () => number = Date.now): Progress {
  if (!io.stderr.isTTY) return silent
  let name = ''
  let [size, done, here, begun, drawn] = [0, 0, 0, 0, 0]
  const draw = () => {
    drawn = now()
    const perSecond = (here / Math.max(1, drawn - begun)) * 1000
    const share = size === 0 ? '' : `${String(Math.floor((done / size) * 100)).padStart(3)} %  `
    io.stderr.write(`\r\x1b[K${share}${bytesText(done).padStart(9)}  ${bytesText(perSecond).padStart(9)}/s  ${name}`)
  }
  const end = () => {
    if (name === '') return
    draw()
    io.stderr.write('\n')
    name = ''
  }
  return {
    file(next, total, already) {
      end()
      name = next
      ;[size, done, here, begun] = [total, already, 0, now()]
      draw()
    },
    add(bytes) {
      done += bytes
      here += bytes
      if (now() - drawn >= EVERY_MS) draw()
    },
    end,
  }
}

/** `1.5 MB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const step = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  return `${(bytes / 1000 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`
}
