/**
 * What `steward run` shows. Standard output carries what scripts wrote and nothing else; counters, summaries and
 * everything that is for eyes only go to standard error. Four cases:
 *
 *   one node            its output as it is, as if it ran here
 *   terminal, few       lines with the node's id as they come, the bar below them
 *   terminal, many      the bar under the newest lines; at the end equal outputs together
 *   no terminal         lines with the node's id as they come, counters now and then
 */

import type { Fault } from '#fault.ts'
import { type Io, paint } from '#io.ts'
import { fleetScreen, NOTHING_YET, type Progress, progressLine, RECENT_LINES } from './fleet-screen.ts'
import type { Listener } from './follow.ts'
import type { InvocationResult } from './invocation-result.ts'
import { LiveRegion } from './live-region.ts'
import { type Line, NodeOutputs, type Piece } from './node-outputs.ts'
import { ending, groupOutputs, renderGroups } from './output-groups.ts'

/** Up to so many nodes one can read along. */
export const FEW_NODES = 5
const REDRAW_MS = 200
const REPORT_MS = 5000
const FAILURES_NAMED = 20
/** As the last character, or the last byte. */
const LINE_ENDS: readonly (string | number)[] = ['\n', 10]

export interface ViewOptions {
  readonly commandId: string
  readonly onlyOneNode: boolean
  /** Nothing on standard output: the caller prints a result of its own. */
  readonly quiet: boolean
}

export class FleetView implements Listener {
  readonly outputs = new NodeOutputs()
  readonly #io: Io
  readonly #options: ViewOptions
  readonly #region: LiveRegion | undefined
  readonly #began = performance.now()
  #timer: NodeJS.Timeout | undefined
  #paused = false
  #recent: Line[] = []
  #progress = NOTHING_YET
  #reported = { at: performance.now(), done: 0 }
  #isAway = false
  #anyOutput = false
  /** The last output did not end its line. */
  #isWithinLine = false

  constructor(io: Io, options: ViewOptions) {
    this.#io = io
    this.#options = options
    this.#region = io.stderr.isTTY ? new LiveRegion(io.stderr) : undefined
    if (this.#region) this.#timer = setInterval(() => this.#draw(), REDRAW_MS)
  }

  output(piece: Piece): void {
    this.#isAway = false
    this.#anyOutput = true
    const lines = this.outputs.add(piece)
    if (this.#options.quiet) return
    if (this.#options.onlyOneNode) this.#write(piece.stream, piece.data)
    else this.#show(lines)
  }

  progress(progress: Progress): void {
    this.#isAway = false
    this.#progress = progress
    if (this.#region || this.#options.onlyOneNode) return
    const now = performance.now()
    if (progress.done === this.#reported.done || now - this.#reported.at < REPORT_MS) return
    this.#reported = { at: now, done: progress.done }
    this.#io.stderr.write(`${progressLine(progress, this.#seconds())}\n`)
  }

  /** No node has taken the command. */
  get isPending(): boolean {
    return this.#progress.status === 'Pending' && !this.#anyOutput
  }

  /** The server does not answer; it is asked again. */
  away(fault: Fault): void {
    if (this.#isAway) return
    this.#isAway = true
    this.say(`${fault.message} Waiting for it; the command goes on meanwhile.`)
  }

  /** A line for eyes only. */
  say(text: string): void {
    this.#region?.clear()
    this.#io.stderr.write(`${this.#isWithinLine ? '\n' : ''}${text}\n`)
    this.#isWithinLine = false
  }

  /** Leaves the terminal alone until `resume`. */
  pause(): void {
    this.#paused = true
    this.#region?.clear()
  }

  resume(): void {
    this.#paused = false
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#region?.clear()
    if (!this.#options.quiet && !this.#options.onlyOneNode) this.#show(this.outputs.end())
  }

  /** The last word, after `stop`. */
  summary(results: readonly InvocationResult[]): void {
    const { onlyOneNode, quiet, commandId } = this.#options
    if (!onlyOneNode && !quiet && results.length > FEW_NODES) {
      const shown = this.#usesScreen() ? this.#io.stdout : this.#io.stderr
      shown.write(`${renderGroups(groupOutputs(results, this.outputs), commandId)}\n`)
    }
    if (results.length === 0) {
      this.say(`${this.#cross()} ${whyNowhere(this.#progress)}`)
      return
    }
    const failures = results.filter(({ status }) => status !== 'Success')
    if (onlyOneNode && failures.length === 0) return
    for (const result of failures.slice(0, FAILURES_NAMED)) this.say(this.#failure(result))
    if (failures.length > FAILURES_NAMED) this.say(`… and ${failures.length - FAILURES_NAMED} more`)
    if (!onlyOneNode) this.say(this.#total(results.length, failures.length))
  }

  #failure(result: InvocationResult): string {
    const name = result.nodeName ? ` (${result.nodeName})` : ''
    return `${this.#cross()} ${result.nodeId}${name}: ${ending(result)}`
  }

  #total(all: number, failed: number): string {
    const mark = failed === 0 ? paint(this.#io, this.#io.stderr, 'green', '✓') : this.#cross()
    return `${mark} ${all - failed} of ${all} ${all === 1 ? 'node' : 'nodes'} succeeded, ${this.#seconds()} s`
  }

  #cross(): string {
    return paint(this.#io, this.#io.stderr, 'red', '✗')
  }

  #show(lines: readonly Line[]): void {
    if (this.#usesScreen()) this.#recent = [...this.#recent, ...lines].slice(-RECENT_LINES)
    else for (const { nodeId, stream, text } of lines) this.#write(stream, `${nodeId}: ${text}\n`)
  }

  #usesScreen(): boolean {
    return this.#region !== undefined && this.#io.stdout.isTTY === true && this.#progress.total > FEW_NODES
  }

  #write(stream: 'stdout' | 'stderr', text: string | Uint8Array): void {
    this.#region?.clear()
    this.#io[stream].write(text)
    if (text.length > 0) this.#isWithinLine = !LINE_ENDS.includes(text.at(-1)!)
  }

  #draw(): void {
    // The output of a single node may stand in the middle of a line, where nothing can be drawn.
    if (this.#paused || (this.#options.onlyOneNode && !this.#options.quiet && this.#anyOutput)) return
    const state = { progress: this.#progress, recent: this.#recent, seconds: this.#seconds() }
    this.#region?.draw(fleetScreen(state, this.#io.stderr.columns || 80))
  }

  #seconds(): number {
    return Math.round((performance.now() - this.#began) / 1000)
  }
}

/** Why a command has ended without any node. */
function whyNowhere({ status, statusDetails }: Progress): string {
  switch (statusDetails) {
    case 'NoInstancesInTag':
      return 'No node matches the targets (NoInstancesInTag). Nothing ran.'
    case 'AccessDenied':
      return 'These credentials may not list the nodes of the resource group (AccessDenied). Nothing ran.'
    default:
      return `The command ran on no node: ${statusDetails === status ? status : `${status} (${statusDetails})`}.`
  }
}
