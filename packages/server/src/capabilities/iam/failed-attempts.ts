/**
 * Slows down whoever guesses passwords and codes: after a few wrong ones in a row, each further one is not even looked at until a
 * while has passed that doubles every time. Only the right one, at its time, starts the count anew.
 */
const FREE_ATTEMPTS = 5
const LONGEST_PAUSE_SECONDS = 900

export interface FailedAttempts {
  readonly failures: number
  readonly failedAt: Date | undefined
}

export function mustWait({ failures, failedAt }: FailedAttempts, now: Date): boolean {
  if (failures < FREE_ATTEMPTS || !failedAt) return false
  const pauseSeconds = Math.min(2 ** (failures - FREE_ATTEMPTS), LONGEST_PAUSE_SECONDS)
  const passedMs = now.getTime() - failedAt.getTime()
  // A clock that was set back must not lock anybody out until it is there again.
  return passedMs >= 0 && passedMs < pauseSeconds * 1000
}
