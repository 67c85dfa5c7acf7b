/** What the terminal shows of a fleet while a command runs. Pure: from what is known to lines of text. */
import { printable } from '#printable.ts'
import type { Line } from './node-outputs.ts'

/** A command's counters, as ListCommands tells them. */
export interface Progress {
  readonly status: string
  /** Why it is so, as `NoInstancesInTag`; else the same. */
  readonly statusDetails: string
  /** 0 until the targets are known. */
  readonly total: number
  readonly done: number
  readonly failed: number
  readonly undelivered: number
}

/** Of a command that was just sent. */
export const NOTHING_YET: Progress = {
  status: 'Pending',
  statusDetails: 'Pending',
  total: 0,
  done: 0,
  failed: 0,
  undelivered: 0,
}

export const RECENT_LINES = 8
const BAR = 30

/** The bar with its counters, under the newest lines of output; each line fits `columns`. */
export function fleetScreen(
  { progress, recent, seconds }: { progress: Progress; recent: readonly Line[]; seconds: number },
  columns: number,
): string[] {
  const lines = recent.slice(-RECENT_LINES).map(({ nodeId, text }) => cut(printable(`${nodeId} ${text}`), columns))
  return [...lines, cut(progressLine(progress, seconds), columns)]
}

/** `[#####-----] 12 of 20 nodes, 1 failed, InProgress, 3 s` */
export function progressLine({ status, total, done, failed, undelivered }: Progress, seconds: number): string {
  const counts = [
    total === 0 ? 'looking for the targets' : `${done} of ${total} ${total === 1 ? 'node' : 'nodes'}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(undelivered > 0 ? [`${undelivered} not delivered in time`] : []),
    status,
    `${seconds} s`,
  ]
  return `${bar(done, total)} ${counts.join(', ')}`
}

function bar(done: number, total: number): string {
  // Rounded down, so that a full bar means all.
  const full = total === 0 ? 0 : Math.floor((Math.min(done, total) / total) * BAR)
  return `[${'#'.repeat(full)}${'-'.repeat(BAR - full)}]`
}

function cut(text: string, columns: number): string {
  return text.length < columns ? text : `${text.slice(0, Math.max(0, columns - 2))}…`
}
