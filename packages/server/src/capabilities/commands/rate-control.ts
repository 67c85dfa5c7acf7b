/** How many nodes may run a command at once, and after how many errors no more are started. Pure. */

export const DEFAULT_MAX_CONCURRENCY = '50'
export const DEFAULT_MAX_ERRORS = '0'

/** What an agent runs at once; more would wait there, out of reach of a cancellation (RC-24, agent-protocol, 16). */
export const COMMANDS_PER_NODE = 5

/** `n`, or a share of the targets rounded down; at least one (T-09). */
export function concurrencyLimit(maxConcurrency: string, targets: number): number {
  return Math.max(1, share(maxConcurrency, targets))
}

/** `n`, or a share of the targets rounded down. Dispatch stops when the errors *exceed* it (T-10). */
export function errorLimit(maxErrors: string, targets: number): number {
  return share(maxErrors, targets)
}

function share(value: string, targets: number): number {
  return value.endsWith('%') ? Math.floor((targets * Number(value.slice(0, -1))) / 100) : Number(value)
}

export interface Progress {
  readonly limit: number
  /** Handed to nodes and not yet ended. */
  readonly inFlight: number
  /** Handed to nodes so far. */
  readonly started: number
  /** Of those, how many a node has acknowledged or ended. */
  readonly answered: number
}

/**
 * How many more nodes may be handed the command now. It goes to one node first; each answer lets two more begin, so it
 * spreads as fast as answers come, until the limit holds (T-13). A node that ends makes room for the next.
 */
export function room({ limit, inFlight, started, answered }: Progress): number {
  return Math.max(0, Math.min(limit - inFlight, 1 + 2 * answered - started))
}
