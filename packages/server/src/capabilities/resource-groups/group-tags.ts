import type { Tag } from '@steward/model/generated/ssm.ts'
import { badRequest } from '#capabilities/groups/index.ts'

const TAGS_PER_GROUP = 50

/** Throws `BadRequestException` for tags that no group may carry, beside the keys that it carries already. */
export function checkTags(tags: Tag[], present: readonly Tag[] = []): Tag[] {
  const reserved = tags.find(({ Key }) => Key.toLowerCase().startsWith('aws:'))
  if (reserved) throw badRequest(`The tag key ${reserved.Key} begins with aws:, which is reserved.`)
  if (new Set([...present, ...tags].map(({ Key }) => Key)).size > TAGS_PER_GROUP)
    throw badRequest(`A group carries ${TAGS_PER_GROUP} tags at most.`)
  return tags
}
