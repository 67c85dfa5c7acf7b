import { type Io, paint } from '#io.ts'

/** One thing that was looked at. `mend` says what to do about it. */
export interface Finding {
  readonly state: 'well' | 'doubtful' | 'wrong'
  readonly says: string
  readonly mend?: string
}

export function well(says: string): Finding {
  return { state: 'well', says }
}

export function doubtful(says: string, mend: string): Finding {
  return { state: 'doubtful', says, mend }
}

export function wrong(says: string, mend: string): Finding {
  return { state: 'wrong', says, mend }
}

const MARKS = { well: ['✓', 'green'], doubtful: ['!', 'yellow'], wrong: ['✗', 'red'] } as const

/** One line: mark, finding, and after a dash how to mend it. */
export function renderFinding(io: Io, { state, says, mend }: Finding): string {
  const [mark, colour] = MARKS[state]
  return `${paint(io, io.stdout, colour, mark)} ${says}${mend ? ` — ${mend}` : ''}\n`
}
