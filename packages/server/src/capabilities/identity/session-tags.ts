/** Tags of sessions: those handed in, over those that an earlier session in the chain passes on. */
import type { Tag } from '@steward/model/generated/sts.ts'
import type { SessionFacts } from '#kernel/principal.ts'
import { invalidTags } from './errors.ts'

const SESSION_TAGS = 50

export type SessionTags = Pick<SessionFacts, 'tags' | 'transitiveTagKeys'>

/** What a request asks for. `from` is the session that it is made with. */
export interface TagRequest {
  readonly Tags?: readonly Tag[] | undefined
  readonly TransitiveTagKeys?: readonly string[] | undefined
}

/** The tags of the new session. {@link checkTags} has to be asked whether it may have them. */
export function sessionTags({ Tags = [], TransitiveTagKeys = [] }: TagRequest, from?: SessionTags): SessionTags {
  const passedOn = from?.transitiveTagKeys ?? []
  const pairs = [
    ...passedOn.map((key): [string, string] => [key, from?.tags?.[key] ?? '']),
    ...Tags.map(({ Key, Value }): [string, string] => [Key, Value]),
  ]
  const transitiveTagKeys = [...new Set([...passedOn, ...TransitiveTagKeys])]
  return {
    ...(pairs.length > 0 && { tags: Object.fromEntries(pairs) }),
    ...(transitiveTagKeys.length > 0 && { transitiveTagKeys }),
  }
}

/** Throws `InvalidParameterValue` where the tags break a rule. Keys that differ in case only are the same key. */
export function checkTags({ Tags = [], TransitiveTagKeys = [] }: TagRequest, from?: SessionTags): void {
  const taken = new Set((from?.transitiveTagKeys ?? []).map((key) => key.toLowerCase()))
  const keys = Tags.map(({ Key }) => Key.toLowerCase())
  if (keys.some((key) => key.startsWith('aws:'))) throw invalidTags('Tag keys that begin with aws: are reserved.')
  if (new Set(keys).size < keys.length) {
    throw invalidTags('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
  }
  if (keys.some((key) => taken.has(key))) {
    throw invalidTags(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    )
  }
  if (keys.length + taken.size > SESSION_TAGS) throw invalidTags(`A session has at most ${SESSION_TAGS} tags.`)
  const known = new Set([...keys, ...taken])
  if (TransitiveTagKeys.some((key) => !known.has(key.toLowerCase()))) {
    throw invalidTags('The specified transitive tag key must be included in the requested tags.')
  }
}

/** The condition keys of a request that hands in tags for a session. */
export function sessionTagConditions({
  tags = {},
  transitiveTagKeys,
}: SessionTags): Record<string, string | readonly string[]> {
  const keys = Object.keys(tags)
  if (keys.length === 0) return {}
  return {
    ...Object.fromEntries(keys.map((key) => [`aws:RequestTag/${key}`, tags[key]!])),
    'aws:TagKeys': keys,
    ...(transitiveTagKeys && { 'sts:TransitiveTagKeys': transitiveTagKeys }),
  }
}
