import { Api } from '#api.ts'
import { connection } from '#connection.ts'
import { csvLine } from '#csv.ts'
import { ApiFault, EXIT, UsageFault } from '#fault.ts'
import { fleetScreen, NOTHING_YET, type Progress } from '#fleet/fleet-screen.ts'
import { LiveRegion } from '#fleet/live-region.ts'
import { patient } from '#fleet/patient-calls.ts'
import { type Condition, columnsOf, fulfils, type Row, rowsOf, textOf } from '#inventory/answer-rows.ts'
import { type Answer, everyNode, LiveQuery, nodesAway, type Outcome, toRequest } from '#inventory/live-query.ts'
import type { Io } from '#io.ts'
import { printable } from '#printable.ts'
import { table } from '#table.ts'

interface Options {
  readonly targets?: { Key: string; Values: string[] }[]
  readonly nodes?: string[]
  readonly path?: string
  readonly where?: readonly Condition[]
  readonly format: 'table' | 'json' | 'csv'
  /** Seconds. */
  readonly wait: number
}

const REDRAW_MS = 200
const NAMED = 10

/**
 * Asks nodes for a fact and prints the rows of their answers. Standard error says how many nodes answered, and why others did not;
 * the exit code is 0 when all did.
 */
export async function ask(io: Io, fact: string, options: Options): Promise<number> {
  const { targets, nodes, path, wait, where = [] } = options
  if (fact === 'file-hash' && path === undefined) throw new UsageFault('Say of which file: --path /etc/hosts')
  const api = new Api(connection(io.env))
  const whom = nodes ? { InstanceIds: nodes } : targets ? { Targets: targets } : await everyNode(api)
  const away = await nodesAway(api, whom)
  const { Command } = await api.ssm('SendCommand', toRequest({ fact, path, whom }))
  const view = new View(io)
  const query = new LiveQuery(
    patient(api, ({ message }) => view.say(message)),
    Command!.CommandId!,
    view,
  )
  const began = performance.now()
  try {
    await withPatience(io, wait, (signal) => query.follow(away, signal))
  } finally {
    view.stop()
  }
  const outcomes = await query.outcomes(away)
  const all = rowsOfAll(view.answers)
  requireColumns(where, all)
  const rows = all.filter((row) => fulfils(row, where))
  print(io, rows, options.format)
  for (const line of report(outcomes, { rows: rows.length, seconds: (performance.now() - began) / 1000 }))
    io.stderr.write(`${line}\n`)
  const cut = view.answers.filter(({ output, truncated }) => truncated || !rowsOf(output).whole)
  if (cut.length > 0) io.stderr.write(`Only the beginning of their answers is here: ${named(cut)}.\n`)
  if (outcomes.some(({ kind }) => kind !== 'answered' && kind !== 'failed')) await withdraw(io, query)
  return outcomes.length > 0 && outcomes.every(({ kind }) => kind === 'answered') ? EXIT.ok : EXIT.failed
}

/** Ends after `seconds`, or at Ctrl-C: what is there by then is shown. */
async function withPatience(io: Io, seconds: number, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const over = new AbortController()
  const timer = setTimeout(() => over.abort(), seconds * 1000)
  const stopListening = io.onInterrupt(() => over.abort())
  try {
    await work(over.signal)
  } finally {
    clearTimeout(timer)
    stopListening()
  }
}

async function withdraw(io: Io, query: LiveQuery): Promise<void> {
  try {
    await query.withdraw()
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error
    io.stderr.write(`The question could not be withdrawn, so nodes may still be asked: ${error.message}\n`)
  }
}

function rowsOfAll(answers: readonly Answer[]): Row[] {
  return answers.flatMap(({ nodeId, nodeName, output }) =>
    rowsOf(output).rows.map((row) => ({ node_id: nodeId, node_name: nodeName, ...row })),
  )
}

/** A misspelt column would look like an answer without rows. */
function requireColumns(where: readonly Condition[], rows: readonly Row[]): void {
  const columns = columnsOf(rows)
  const unknown = where.find(({ column }) => rows.length > 0 && !columns.includes(column))
  if (unknown) throw new UsageFault(`There is no column '${unknown.column}'. The columns: ${columns.join(', ')}.`)
}

function print(io: Io, rows: readonly Row[], format: Options['format']): void {
  if (format === 'json') return void io.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
  const columns = columnsOf(rows)
  const cells = rows.map((row) => columns.map((column) => textOf(row[column])))
  if (format === 'csv') io.stdout.write([columns, ...cells].map(csvLine).join(''))
  else if (rows.length > 0)
    io.stdout.write(
      table(
        columns.map((column) => column.toUpperCase()),
        cells,
      ),
    )
}

const KINDS = [
  ['failed', 'Failed'],
  ['offline', 'Offline, so not asked'],
  ['unreached', 'Could not be reached'],
  ['slow', 'Did not answer in time'],
] as const

function report(outcomes: readonly Outcome[], { rows, seconds }: { rows: number; seconds: number }): string[] {
  if (outcomes.length === 0) return ['No node was asked: the targets match none.']
  const answered = outcomes.filter(({ kind }) => kind === 'answered').length
  const first = `${answered} of ${count(outcomes.length, 'node')} answered in ${seconds.toFixed(1)} s, ${count(rows, 'row')}.`
  const others = KINDS.flatMap(([kind, words]) => {
    const those = outcomes.filter((outcome) => outcome.kind === kind)
    return those.length > 0 ? [`${words}: ${named(those)}.`] : []
  })
  return [first, ...others]
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

function named(nodes: readonly { nodeId: string; nodeName: string; reason?: string }[]): string {
  const names = nodes
    .slice(0, NAMED)
    .map(({ nodeId, nodeName, reason }) => printable(`${nodeName || nodeId}${reason ? ` (${reason})` : ''}`))
  return nodes.length > NAMED ? `${names.join(', ')} and ${nodes.length - NAMED} more` : names.join(', ')
}

/** Keeps the answers, and shows on a terminal how far it is and what came last. */
class View {
  readonly answers: Answer[] = []
  readonly #io: Io
  readonly #region: LiveRegion | undefined
  readonly #began = performance.now()
  readonly #timer: NodeJS.Timeout | undefined
  #progress: Progress = NOTHING_YET

  constructor(io: Io) {
    this.#io = io
    this.#region = io.stderr.isTTY ? new LiveRegion(io.stderr) : undefined
    if (this.#region) this.#timer = setInterval(() => this.#draw(), REDRAW_MS)
  }

  answer(answer: Answer): void {
    this.answers.push(answer)
  }

  progress(progress: Progress): void {
    this.#progress = progress
  }

  say(text: string): void {
    this.#region?.clear()
    this.#io.stderr.write(`${text}\n`)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#region?.clear()
  }

  #draw(): void {
    const recent = this.answers.map(({ nodeId, nodeName, output }) => {
      const text = `${nodeName} ${count(rowsOf(output).rows.length, 'row')}`
      return { nodeId, stream: 'stdout' as const, text }
    })
    const seconds = Math.floor((performance.now() - this.#began) / 1000)
    this.#region?.draw(fleetScreen({ progress: this.#progress, recent, seconds }, this.#io.stderr.columns ?? 80))
  }
}
