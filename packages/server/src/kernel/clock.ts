/** Where «now» comes from. Nothing else in the server asks the machine for the date. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** A clock that runs with the machine's until it is moved. Used by test mode and by tests. */
export class MovableClock implements Clock {
  #offsetMs = 0
  #listeners = new Set<() => void>()

  now(): Date {
    return new Date(Date.now() + this.#offsetMs)
  }

  /** Moves the clock; everything that waits for a time is told to look again. */
  set(to: Date): void {
    this.#offsetMs = to.getTime() - Date.now()
    for (const listener of this.#listeners) listener()
  }

  advance(milliseconds: number): void {
    this.set(new Date(this.now().getTime() + milliseconds))
  }

  reset(): void {
    this.set(new Date())
    this.#offsetMs = 0
  }

  onMove(listener: () => void): void {
    this.#listeners.add(listener)
  }
}
