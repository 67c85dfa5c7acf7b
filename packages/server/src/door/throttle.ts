/**
 * How often an account may call the operations of one family: a bucket of tokens for each, that fills steadily and holds so many at
 * most. A call takes one; where there is none it is refused, and SDKs try again later by themselves.
 */
import { ApiError } from '#kernel/api-error.ts'
import type { RateLimit, RateLimits } from '#kernel/config.ts'
import { isReadOnly } from './audit-record.ts'
import type { Asked } from './protocol.ts'

/** What is asked for, as far as that matters here. */
type Throttled = Pick<Asked, 'operationName'> & {
  readonly service: Pick<Asked['service'], 'name'>
  readonly operation?: Asked['operation']
}

/**
 * How many calls of callers who prove nothing get an audit record of their own, so that nobody can fill the disk from outside. Of the
 * others the next record tells how many there were.
 */
export const UNPROVEN = { perSecond: 50, burst: 1_000 }

interface Bucket {
  tokens: number
  filledAt: number
}

export class Throttle {
  readonly #limits: RateLimits
  readonly #now: () => number
  readonly #buckets = new Map<string, Bucket>()

  /** `now` counts milliseconds and never jumps. */
  constructor(limits: RateLimits, now: () => number) {
    this.#limits = limits
    this.#now = now
  }

  /** Takes a token; throws `ThrottlingException` if there is none. */
  admit(account: string, asked: Throttled): void {
    if (!this.#takeOf(account, familyOf(asked))) throw exceeded()
  }

  /**
   * Takes a token, if need be from the bucket that an account has besides once it asked for high throughput. `hasHigh` takes a look-up, so
   * it is not asked before the usual bucket is empty. Throws `ThrottlingException`.
   */
  async admitOrHigh(account: string, asked: Throttled, hasHigh: () => Promise<boolean>): Promise<void> {
    const family = familyOf(asked)
    if (this.#takeOf(account, family)) return
    if (family !== 'parameters-read' || !(await hasHigh())) throw exceeded()
    if (!this.#takeOf(account, `${family}-high`)) throw exceeded()
  }

  /** Takes a token beforehand, for a call whose caller is proven elsewhere; false if there is none. */
  borrow(account: string, family: string): boolean {
    return this.#takeOf(account, family)
  }

  /** Puts a token back: that caller turned out to be nobody. */
  giveBack(account: string, family: string): void {
    const bucket = this.#buckets.get(`${account} ${family}`)
    if (bucket) bucket.tokens += 1
  }

  #takeOf(account: string, family: string): boolean {
    const limit = this.#limits[family] ?? (family === 'agents' ? undefined : this.#limits.default)
    return !limit || this.take(`${account} ${family}`, limit)
  }

  /** Whether there was a token in the bucket of that name. */
  take(name: string, { perSecond, burst }: RateLimit): boolean {
    const now = this.#now()
    const bucket = this.#buckets.get(name) ?? { tokens: burst, filledAt: now }
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) * perSecond) / 1000)
    bucket.filledAt = now
    this.#buckets.set(name, bucket)
    if (bucket.tokens < 1) return false
    bucket.tokens -= 1
    return true
  }
}

function exceeded(): ApiError {
  return new ApiError('ThrottlingException', 'Rate exceeded')
}

/** `parameters-read` and `-write`, `agents` for what only nodes call, and for all others the service: `ssm-read`, `iam-write`. */
export function familyOf(asked: Throttled): string {
  const { service, operation, operationName } = asked
  if (service.name === 'ec2messages' || operation?.internal) return 'agents'
  const kind = isReadOnly(asked) ? 'read' : 'write'
  const isParameters = service.name === 'ssm' && /Parameters?(History|ByPath|Version)?$/.test(operationName)
  return `${isParameters ? 'parameters' : service.name}-${kind}`
}
