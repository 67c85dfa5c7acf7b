import { capability } from '#kernel/declare.ts'
import { tags0001 } from './migrations/0001-tags.ts'
import { tagged } from './tagged.ts'

export {
  addResource,
  hasTagText,
  isTagged,
  putTags,
  removeResource,
  tagKeys,
  tagsOf,
  tagsOfEach,
  tagValues,
} from './store.ts'
export { type Resource, type TagFilter, tagConditions, taggingAccess } from './tag.ts'

/** Tags on every kind of resource. What may be tagged is said by its owner, with `addResource` and `removeResource`. */
export const tagsCapability = capability({
  name: 'tags',
  url: import.meta.url,
  migrations: { 'tags-0001': tags0001 },
  resources: tagged,
})
