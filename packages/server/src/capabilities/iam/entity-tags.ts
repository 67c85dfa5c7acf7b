/** Tags of IAM's own entities. Kept as JSON beside their owner: they are few, and nothing is searched by them. */
import type { Tag } from '@steward/model/generated/iam.ts'
import type { Access } from '#kernel/declare.ts'
import { invalidInput, quotaExceeded } from './errors.ts'

const TAGS_PER_ENTITY = 50

/** The tags that are left when `added` is put over `present`. Keys that differ in case only are the same key. */
export function withTags(present: readonly Tag[], added: readonly Tag[] = []): Tag[] {
  const keys = added.map(({ Key }) => Key.toLowerCase())
  if (new Set(keys).size < keys.length) {
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
  }
  if (keys.some((key) => key.startsWith('aws:')))
    throw invalidInput("Tag keys can't begin with aws:, which is reserved.")
  const all = new Map([...present, ...added].map((tag) => [tag.Key.toLowerCase(), tag]))
  if (all.size > TAGS_PER_ENTITY) throw quotaExceeded('TagsPerResource', TAGS_PER_ENTITY)
  return [...all.values()]
}

/** Keys that are not there are no fault. */
export function withoutTags(present: readonly Tag[], keys: readonly string[]): Tag[] {
  const gone = new Set(keys.map((key) => key.toLowerCase()))
  return present.filter(({ Key }) => !gone.has(Key.toLowerCase()))
}

/** As a column holds them. */
export function readTags(column: string): Tag[] {
  return JSON.parse(column) as Tag[]
}

/** The condition keys of a request that hands in tags. */
export function requestTags(tags: readonly Tag[] = []): Record<string, string | string[]> {
  if (tags.length === 0) return {}
  const values = Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value]))
  return { ...values, 'aws:TagKeys': tags.map(({ Key }) => Key) }
}

/** What making something demands, with the tags that it shall have: those take the permission to tag as well. */
export function creation(create: Access, tagging: string, tags: readonly Tag[] | undefined): Access[] {
  const context = requestTags(tags)
  const access = { ...create, context: { ...create.context, ...context } }
  return tags?.length ? [access, { action: tagging, resources: create.resources, context }] : [access]
}
