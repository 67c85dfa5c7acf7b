/** Tags of sessions: those handed in, over those that an earlier session in the chain passes on. */
import type { Tag } from '@steward/model/generated/sts.ts'
import type { SessionFacts } from '#kernel/principal.ts'
import { validationError } from './errors.ts'

const SESSION_TAGS = 50

export type SessionTags = Pick<SessionFacts, 'tags' | 'transitiveTagKeys'>

/** Throws `ValidationException`. */
export function sessionTags(
  added: readonly Tag[] = [],
  transitive: readonly string[] = [],
  from: SessionTags | undefined = undefined,
): SessionTags {
  const passedOn = (from?.transitiveTagKeys ?? []).map((key): [string, string] => [key, from?.tags?.[key] ?? ''])
  const taken = new Set(passedOn.map(([key]) => key.toLowerCase()))
  const keys = new Set<string>()
  for (const { Key } of added) {
    const key = Key.toLowerCase()
    if (key.startsWith('aws:')) throw validationError(`The tag key ${Key} begins with aws:, which is reserved.`)
    if (keys.has(key))
      throw validationError('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
    if (taken.has(key)) {
      throw validationError(
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
      )
    }
    keys.add(key)
  }
  if (keys.size + taken.size > SESSION_TAGS) throw validationError(`A session has at most ${SESSION_TAGS} tags.`)
  if (transitive.some((key) => !keys.has(key.toLowerCase()) && !taken.has(key.toLowerCase()))) {
    throw validationError('The specified transitive tag key must be included in the requested tags.')
  }
  const tags = Object.fromEntries([...passedOn, ...added.map(({ Key, Value }): [string, string] => [Key, Value])])
  const keptKeys = [...new Set([...passedOn.map(([key]) => key), ...transitive])]
  return {
    ...(Object.keys(tags).length > 0 && { tags }),
    ...(keptKeys.length > 0 && { transitiveTagKeys: keptKeys }),
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
