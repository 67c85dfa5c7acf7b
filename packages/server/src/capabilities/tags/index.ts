import { capability } from '#kernel/declare.ts'
import { tags0001 } from './migrations/0001-tags.ts'
import { tags0002 } from './migrations/0002-was-tagged.ts'
import { tagged } from './tagged.ts'

export {
  addResource,
  hasTagText,
  isTagged,
  putTags,
  removeResource,
  removeTags,
  tagKeys,
  tagsOf,
  tagsOfEach,
  tagTexts,
  tagValues,
} from './store.ts'
export { ssmKeepers, storedKeeper } from './stored-keeper.ts'
export { type Resource, type TagFilter, tagConditions, taggingAccess, toMap, toTags } from './tag.ts'
export { noteTagged } from './tag-changes.ts'
export { smallKeeper, type TaggedResource, type TagKeeper, type TagSearch } from './tag-keeper.ts'

/** Tags on every kind of resource. What may be tagged is said by its owner, with `addResource` and `removeResource`. */
export const tagsCapability = capability({
  name: 'tags',
  url: import.meta.url,
  migrations: { 'tags-0001': tags0001, 'tags-0002': tags0002 },
  resources: tagged,
})
