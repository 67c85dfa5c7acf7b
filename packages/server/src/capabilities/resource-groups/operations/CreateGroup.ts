import type { CreateGroupInput } from '@steward/model/generated/resource-groups.ts'
import {
  addGroup,
  badRequest,
  findGroup,
  groupArn,
  groupExists,
  isApplication,
  type ResourceGroup,
  readQuery,
  taggedGroup,
  toGroup,
} from '#capabilities/groups/index.ts'
import { addResource, tagConditions, toTags } from '#capabilities/tags/index.ts'
import type { Ids } from '#kernel/ids.ts'
import { checkConfiguration, toGroupConfiguration } from '../configuration.ts'
import { tellOfGroup } from '../group-events.ts'
import { checkTags } from '../group-tags.ts'
import { requireStack } from '../queries.ts'
import { resourceGroups } from '../services.ts'

/** With a query, a configuration, or neither: then its members are put into it one by one (RG-01, RG-03, RG-04). */
export const CreateGroup = resourceGroups.write('CreateGroup', {
  access: (input, { scope }) => {
    const resources = [groupArn(scope, input.Name)]
    const context = tagConditions(toTags(input.Tags))
    const create = { action: 'resource-groups:CreateGroup', resources, context }
    const hasTags = Object.keys(input.Tags ?? {}).length > 0
    return hasTags ? [create, { action: 'resource-groups:Tag', resources, context }] : create
  },

  async handle(input, call) {
    const { db, scope } = call
    const group = newGroup(input, call.ids)
    const tags = checkTags(toTags(input.Tags))
    if (await findGroup(db, scope, group.name)) throw groupExists()
    await addGroup(db, scope, group)
    await addResource(db, scope, taggedGroup(group.name), tags)
    await tellOfGroup(call, 'create', group)
    return {
      Group: toGroup(scope, group),
      ResourceQuery: group.query,
      Tags: input.Tags,
      GroupConfiguration: toGroupConfiguration(group.configuration),
    }
  },
})

function newGroup(input: CreateGroupInput, ids: Ids): ResourceGroup {
  const { Name, Description = '', ResourceQuery, Configuration, Criticality, Owner, DisplayName } = input
  if (/^aws/i.test(Name)) throw badRequest('Name not valid: it must not begin with AWS, in any case.')
  if (ResourceQuery && Configuration)
    throw badRequest('A group has either a ResourceQuery or a Configuration, not both.')
  if (ResourceQuery) requireStack(readQuery(ResourceQuery))
  if (Configuration) checkConfiguration(Configuration)
  const application = isApplication(Configuration)
  if (!application && (Criticality ?? Owner ?? DisplayName) !== undefined)
    throw badRequest('Criticality, Owner and DisplayName are for application groups only.')
  return {
    id: ids.uuid(),
    name: application ? `${Name}/${ids.hex(26)}` : Name,
    description: Description,
    query: ResourceQuery,
    configuration: Configuration,
    criticality: Criticality,
    owner: Owner,
    displayName: DisplayName,
  }
}
