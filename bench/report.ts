/** One measured figure beside what it is compared with. All texts are for a table. */
export interface Row {
  readonly what: string
  readonly steward: string
  readonly beside: string
  readonly ratio: string
  readonly target: string
  /** Undefined: there is no target, or nothing to compare with here. */
  readonly met: boolean | undefined
}

/** A measurement: its name on the command line, and what it yields. Says on the way what it does. */
export interface Measurement {
  readonly title: string
  run(say: (line: string) => void): Promise<Row[]>
}

export function median(values: readonly number[]): number {
  return percentile(values, 50)
}

export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))]!
}

export function toTable(rows: readonly Row[]): string {
  const head = '| | Steward | beside it | ratio | target | |\n| --- | --- | --- | --- | --- | --- |'
  const line = ({ what, steward, beside, ratio, target, met }: Row) =>
    `| ${[what, steward, beside, ratio, target, met === undefined ? '' : met ? 'met' : '**missed**'].join(' | ')} |`
  return [head, ...rows.map(line)].join('\n')
}

export function number(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}
