/**
 * Slows down whoever guesses passwords and codes: after a few wrong ones in a row, each further one is not even looked at until a
 * while has passed that doubles every time. Only the right one, at its time, starts the count anew.
 */
const FREE_ATTEMPTS = 5
const LONGEST_PAUSE_SECONDS = 900
const AT_ONCE_MS = 10_000

export interface FailedAttempts {
  readonly failures: number
  readonly failedAt: Date | undefined
}

export function mustWait(attempts: FailedAttempts, now: Date): boolean {
  return secondsToWait(attempts, now) > 0
}

/** 0: the next attempt is looked at. `free`: how many in a row cost nothing. */
export function secondsToWait({ failures, failedAt }: FailedAttempts, now: Date, free = FREE_ATTEMPTS): number {
  if (failures < free || !failedAt) return 0
  const pauseSeconds = Math.min(2 ** (failures - free), LONGEST_PAUSE_SECONDS)
  const passedMs = now.getTime() - failedAt.getTime()
  // A clock that was set back must not lock anybody out until it is there again. A little less than no time passes between attempts
  // at once, of which the later one is counted first.
  if (passedMs < -AT_ONCE_MS) return 0
  return Math.max(0, Math.ceil(pauseSeconds - Math.max(0, passedMs) / 1000))
}
