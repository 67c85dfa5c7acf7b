export type { Wire } from '@steward/model'

/** An instant of an answer as a date. */
export function instant(seconds: number | undefined): Date | undefined {
  return seconds === undefined ? undefined : new Date(seconds * 1000)
}
