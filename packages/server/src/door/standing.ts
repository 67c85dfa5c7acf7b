import type { Database } from '#db/database.ts'
import type { Authorizer } from '#iam/authorizer.ts'
import type { Claim } from '#iam/claim.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Access, Standing } from '#kernel/declare.ts'
import type { Authenticator } from './authenticate.ts'
import { conditionKeys } from './condition-keys.ts'
import type { HttpRequest } from './http-message.ts'

interface StandingParts {
  readonly authenticator: Authenticator
  readonly authorizer: Authorizer
  readonly database: Pick<Database, 'read'>
  readonly clock: Clock
  readonly defaultRegion: string
}

/** What the caller of a request that lasts may do as of now: proven and decided anew. Undefined once it is nobody any more. */
export async function standingOf(
  request: HttpRequest,
  claim: Claim | undefined,
  { authenticator, authorizer, database, clock, defaultRegion }: StandingParts,
): Promise<Standing | undefined> {
  const now = clock.now()
  const proof = { how: 'sigv4', service: claim?.service ?? '', now } as const
  const caller = await authenticator.identifyAgain(request, claim, proof).catch(nobody)
  if (!caller) return undefined
  const { principal, policies, region = defaultRegion } = caller
  const conditions = () => conditionKeys(request, principal, policies, region, now)
  const admit = (access: Access) => database.read((reader) => authorizer.admit(caller, [access], conditions, reader))
  return {
    may: (access) => isAllowed(admit(access)),
    refusal: (access) => admit(access).then(() => undefined, sentenceOf),
  }
}

/** For a caller that is proven no more; whatever else went wrong says nothing of it. */
function nobody(error: unknown): undefined {
  if (!(error instanceof ApiError) || error.code === 'ServiceUnavailable') throw error
}

/** Whether the authorizer admits it. */
export function isAllowed(admitted: Promise<void>): Promise<boolean> {
  return admitted.then(() => true, notAllowed)
}

function notAllowed(error: unknown): false {
  sentenceOf(error)
  return false
}

/** What a refusal says; any other error is thrown again. */
function sentenceOf(error: unknown): string {
  if (error instanceof ApiError && error.code === 'AccessDeniedException') return error.message
  throw error
}
