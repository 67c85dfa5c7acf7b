/** Which deliveries are under way, and how many more each target may be given. In memory: after a restart everybody begins anew. */

const PER_LANE = 10
const AT_ONCE = 1_000
/** A lane that failed so often in a row is only probed, so that many dead targets together leave room for the others. */
const FAILING_AFTER = 5
/** How long a delivery is left alone whose outcome could not be written down, for the database is ill. */
const REST_MS = 30_000

export class Lanes {
  readonly #underway = new Map<string, { readonly lane: string; readonly done: Promise<void> }>()
  readonly #busy = new Map<string, number>()
  readonly #failures = new Map<string, number>()
  readonly #resting = new Map<string, number>()
  /** What a look at the table that is under way may still show. */
  readonly #justEnded = new Set<string>()
  /** Where to go on looking, so that every lane has its turn. */
  lastLane = ''

  get isIdle(): boolean {
    return this.#underway.size === 0
  }

  get isFull(): boolean {
    return this.#underway.size >= AT_ONCE
  }

  /** How many more deliveries a lane may be given now. */
  room(lane: string): number {
    const limit = (this.#failures.get(lane) ?? 0) >= FAILING_AFTER ? 1 : PER_LANE
    return Math.max(0, limit - (this.#busy.get(lane) ?? 0))
  }

  /** How many deliveries of a lane to look at to find the ones that may begin. */
  depth(lane: string): number {
    return this.room(lane) + (this.#busy.get(lane) ?? 0)
  }

  /** Called before the table is looked at for what is due. */
  beginLook(): void {
    this.#justEnded.clear()
  }

  /** Whether a delivery that the look showed is neither under way nor over, and need not rest. */
  mayBegin(id: string): boolean {
    const restsUntil = this.#resting.get(id)
    if (restsUntil !== undefined && restsUntil <= performance.now()) this.#resting.delete(id)
    return !this.#underway.has(id) && !this.#justEnded.has(id) && !this.#resting.has(id)
  }

  /** Takes a delivery as under way until `outcome` is known; `unknown` if it could not be written down. */
  begin(id: string, lane: string, outcome: Promise<'delivered' | 'failed' | 'dead' | 'unknown'>): void {
    this.#busy.set(lane, (this.#busy.get(lane) ?? 0) + 1)
    const done = outcome.then((ended) => {
      this.#underway.delete(id)
      this.#justEnded.add(id)
      this.#leave(lane)
      if (ended === 'delivered') this.#failures.delete(lane)
      else this.#failures.set(lane, (this.#failures.get(lane) ?? 0) + 1)
      if (ended === 'unknown') this.#resting.set(id, performance.now() + REST_MS)
    })
    this.#underway.set(id, { lane, done })
  }

  /** Resolves when a delivery has ended; never if none is under way. */
  someEnded(): Promise<void> {
    return Promise.race([...this.#underway.values()].map(({ done }) => done))
  }

  async allEnded(): Promise<void> {
    await Promise.all([...this.#underway.values()].map(({ done }) => done))
  }

  #leave(lane: string): void {
    const left = (this.#busy.get(lane) ?? 1) - 1
    if (left > 0) this.#busy.set(lane, left)
    else this.#busy.delete(lane)
  }
}
