/** Keepers of the types whose tags are kept here. */
import type { ResourceTypeForTagging } from '@steward/model/generated/ssm.ts'
import { tables } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { findIds } from './find-ids.ts'
import { ofType, putTags, removeTags, tagsOfEach } from './store.ts'
import type { TagTables } from './tables.ts'
import { RESOURCE_PATHS, resourceArn, resourceOfArn, type TaggedType } from './tag.ts'
import { noteTagged } from './tag-changes.ts'
import type { TagKeeper } from './tag-keeper.ts'

/** What differs from type to type. */
export interface StoredType extends Pick<TagKeeper, 'type' | 'cloudType' | 'tagging' | 'untagging' | 'idOf'> {
  readonly stored: TaggedType
  arnOf(scope: Scope, id: string): string
}

export function storedKeeper(kept: StoredType): TagKeeper {
  const { stored, arnOf } = kept
  return {
    ...kept,
    async find(reader, scope, search) {
      const ids = await findIds(reader, scope, stored, search)
      const tags = search.bare ? new Map() : await tagsOfEach(reader, scope, stored, ids)
      return ids.map((id) => ({ id, arn: arnOf(scope, id), tags: tags.get(id) ?? [] }))
    },
    async texts(reader, scope, key) {
      const column = key === undefined ? 'key' : 'value'
      let query = tables<TagTables>(reader)
        .selectFrom('tag')
        .select(`${column} as text`)
        .distinct()
        .where(ofType(scope, stored))
      if (key !== undefined) query = query.where('key', '=', key)
      return (await query.execute()).map(({ text }) => text)
    },
    async put(tx, scope, id, tags) {
      await putTags(tx, scope, { type: stored, id }, tags)
      noteTagged(tx, scope, { type: stored, id })
    },
    async remove(tx, scope, id, keys) {
      await removeTags(tx, scope, { type: stored, id }, keys)
      noteTagged(tx, scope, { type: stored, id })
    },
  }
}

/** Of every type that SSM tags. */
export const ssmKeepers: readonly TagKeeper[] = Object.entries(RESOURCE_PATHS).map(([name, path]) => {
  const type = name as ResourceTypeForTagging
  return storedKeeper({
    stored: type,
    type: `ssm:${path}`,
    cloudType: `AWS::SSM::${type}`,
    tagging: 'ssm:AddTagsToResource',
    untagging: 'ssm:RemoveTagsFromResource',
    arnOf: (scope, id) => resourceArn(scope, { type, id }),
    idOf(scope, arn) {
      const named = resourceOfArn(arn)
      const here = named?.scope.account === scope.account && named.scope.region === scope.region
      return here && named.resource.type === type ? named.resource.id : undefined
    },
  })
})
