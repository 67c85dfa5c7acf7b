import type { Tag } from '@steward/model/generated/sns.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Access } from '#kernel/declare.ts'
import { invalidParameter } from './errors.ts'

const TAGS_PER_TOPIC = 50

/** The tags, in order of their keys, when `added` is put over `present`. Throws `InvalidParameter`, `TagLimitExceeded`. */
export function withTags(present: readonly Tag[], added: readonly Tag[]): Tag[] {
  const reserved = added.find(({ Key }) => Key.toLowerCase().startsWith('aws:'))
  if (reserved) throw invalidParameter(`Tag Reason: the key ${reserved.Key} begins with aws:, which is reserved`)
  if (new Set(added.map(({ Key }) => Key)).size < added.length)
    throw invalidParameter('Duplicated keys are not allowed.')
  const merged = new Map([...present, ...added].map(({ Key, Value }) => [Key, Value]))
  if (merged.size > TAGS_PER_TOPIC)
    throw new ApiError('TagLimitExceeded', 'Could not complete request: tag quota of per resource exceeded')
  return [...merged].map(([Key, Value]) => ({ Key, Value })).sort((a, b) => (a.Key < b.Key ? -1 : 1))
}

/** What making something with tags demands beyond making it. */
export function taggingAccess(resources: readonly string[], tags: readonly Tag[] = []): Access[] {
  if (tags.length === 0) return []
  return [{ action: 'sns:TagResource', resources, context: tagConditions(tags) }]
}

/** The condition keys of a request that hands in tags. */
export function tagConditions(tags: readonly Tag[] = []): Record<string, string | string[]> {
  const values = Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value]))
  return { 'aws:TagKeys': tags.map(({ Key }) => Key), ...values }
}
