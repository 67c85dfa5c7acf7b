import type { ResourceIdentifier, ResourceQuery } from '@steward/model/generated/resource-groups.ts'
import { failureOf } from '#api/failure.ts'
import { allPages, useRead } from '#api/queries.ts'
import { getGroup, getGroupQuery, listGroupResources, listGroups, searchResources } from '#api/resource-groups.ts'
import type { GroupDetails } from './group-draft.ts'

/** All resource groups. */
export function useGroups() {
  return useRead('groups', ['list'], (signal) =>
    allPages(async (token) => {
      const { GroupIdentifiers = [], NextToken } = await listGroups(token, signal)
      return { items: GroupIdentifiers, next: NextToken }
    }),
  )
}

/** One group with its query. */
export function useGroup(name: string) {
  return useRead(
    'groups',
    ['group', name],
    async (signal): Promise<GroupDetails> => {
      const { Group } = await getGroup(name, signal)
      const query = await queryOf(name, signal)
      return { name, arn: Group?.GroupArn ?? '', description: Group?.Description ?? '', query }
    },
    { keepLast: false },
  )
}

/** A group without a query has listed members; AWS calls that a bad request. */
async function queryOf(Group: string, signal: AbortSignal): Promise<GroupDetails['query']> {
  try {
    return (await getGroupQuery({ Group }, signal)).GroupQuery?.ResourceQuery
  } catch (error) {
    if (failureOf(error).code === 'BadRequestException') return undefined
    throw error
  }
}

/** All that is in a group right now. */
export function useMembers(name: string) {
  return useRead(
    'groups',
    ['members', name],
    (signal) =>
      allPages(async (token) => {
        const { ResourceIdentifiers = [], NextToken } = await listGroupResources(name, token, signal)
        return { items: ResourceIdentifiers, next: NextToken }
      }),
    { keepLast: false },
  )
}

/** The first members that a group with the query would have, and whether there are more. The query is JSON of a `ResourceQuery`. */
export function usePreview(query: string) {
  return useRead('groups', ['preview', query], async (signal) => {
    const ResourceQuery = JSON.parse(query) as ResourceQuery
    const { ResourceIdentifiers = [], NextToken } = await searchResources({ ResourceQuery, MaxResults: 50 }, signal)
    return { items: ResourceIdentifiers, isCut: Boolean(NextToken) }
  })
}

export type Member = ResourceIdentifier
