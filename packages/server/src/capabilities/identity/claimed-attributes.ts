/** What a token asks of the session itself, in the claims that STS knows: nested in one, or one for each tag. Pure. */
import type { JWTPayload } from 'jose'
import { invalidIdentityToken } from './errors.ts'
import { checkTags, type SessionTags, sessionTags } from './session-tags.ts'

const TAGS = 'https://aws.amazon.com/tags'
const FLAT = `${TAGS}/principal_tags/`
const SOURCE_IDENTITY = 'https://aws.amazon.com/source_identity'

/** The model has them for what requests hand in; what an issuer writes comes by no model. */
const TAG_KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u
const IDENTITY = /^[\w+=,.@-]{2,64}$/

export interface ClaimedAttributes {
  readonly tags: SessionTags
  readonly sourceIdentity: string | undefined
}

/** Throws `InvalidIdentityToken`, `ValidationException`. */
export function claimedAttributes(claims: JWTPayload): ClaimedAttributes {
  const nested = membersOf(claims[TAGS], TAGS)
  const flat = Object.entries(claims).filter(([name]) => name.startsWith(FLAT))
  const request = {
    Tags: [
      ...Object.entries(membersOf(nested.principal_tags, 'principal_tags')).map(toTag),
      ...flat.map(([name, value]) => toTag([name.slice(FLAT.length), value])),
    ],
    TransitiveTagKeys: [
      ...textsOf(nested.transitive_tag_keys, 'transitive_tag_keys'),
      ...textsOf(claims[`${TAGS}/transitive_tag_keys`], 'transitive_tag_keys'),
    ],
  }
  checkTags(request)
  return { tags: sessionTags(request), sourceIdentity: sourceIdentityOf(claims[SOURCE_IDENTITY]) }
}

/** A tag has one value, which may stand in a list. */
function toTag([Key, claimed]: [string, unknown]): { Key: string; Value: string } {
  const values = textsOf(claimed, `${FLAT}${Key}`)
  const [Value = ''] = values
  if (values.length !== 1 || !TAG_KEY.test(Key) || !TAG_VALUE.test(Value)) throw wrongClaim(`${FLAT}${Key}`)
  return { Key, Value }
}

function sourceIdentityOf(claimed: unknown): string | undefined {
  if (claimed === undefined) return undefined
  if (typeof claimed !== 'string' || !IDENTITY.test(claimed)) throw wrongClaim(SOURCE_IDENTITY)
  return claimed
}

function membersOf(claimed: unknown, name: string): Readonly<Record<string, unknown>> {
  if (claimed === undefined) return {}
  if (typeof claimed !== 'object' || claimed === null || Array.isArray(claimed)) throw wrongClaim(name)
  return claimed as Record<string, unknown>
}

function textsOf(claimed: unknown, name: string): string[] {
  const texts = claimed === undefined ? [] : [claimed].flat()
  if (!texts.every((one) => typeof one === 'string')) throw wrongClaim(name)
  return texts
}

/** Ours. */
function wrongClaim(name: string) {
  return invalidIdentityToken(`The claim ${name} of the token is not valid`)
}
