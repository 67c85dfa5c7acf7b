import type { CreateGroupInput } from '@steward/model/generated/resource-groups.ts'
import {
  addGroup,
  badRequest,
  findGroup,
  groupArn,
  groupExists,
  isApplication,
  type ResourceGroup,
  taggedGroup,
  toGroup,
} from '#capabilities/groups/index.ts'
import { addResource, tagConditions, toTags } from '#capabilities/tags/index.ts'
import type { WriteCall } from '#kernel/declare.ts'
import { checkConfiguration, toGroupConfiguration } from '../configuration.ts'
import { tellOfGroup } from '../group-events.ts'
import { checkTags } from '../group-tags.ts'
import { checkedQuery, queryAccess, requireStack } from '../queries.ts'
import { resourceGroups } from '../services.ts'

/** With a query, a configuration, or neither: then its members are put into it one by one (RG-01, RG-03, RG-04). */
export const CreateGroup = resourceGroups.write('CreateGroup', {
  access: (input, call) => {
    const resources = [groupArn(call.scope, input.Name)]
    const context = tagConditions(toTags(input.Tags))
    const create = { action: 'resource-groups:CreateGroup', resources, context }
    const hasTags = Object.keys(input.Tags ?? {}).length > 0
    const tag = { action: 'resource-groups:Tag', resources, context }
    return [create, ...(hasTags ? [tag] : []), ...queryAccess(input.ResourceQuery, call)]
  },

  async handle(input, call) {
    const { db, scope } = call
    const group = newGroup(input, call)
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

function newGroup(input: CreateGroupInput, call: WriteCall): ResourceGroup {
  const { Name, Description = '', ResourceQuery, Configuration, Criticality, Owner, DisplayName } = input
  if (/^aws/i.test(Name)) throw badRequest('Name not valid: it must not begin with AWS, in any case.')
  if (ResourceQuery && Configuration)
    throw badRequest('A group has either a ResourceQuery or a Configuration, not both.')
  if (ResourceQuery) requireStack(checkedQuery(ResourceQuery, call))
  if (Configuration) checkConfiguration(Configuration)
  const application = isApplication(Configuration)
  if (!application && (Criticality ?? Owner ?? DisplayName) !== undefined)
    throw badRequest('Criticality, Owner and DisplayName are for application groups only.')
  return {
    id: call.ids.uuid(),
    name: application ? `${Name}/${call.ids.hex(26)}` : Name,
    description: Description,
    query: ResourceQuery,
    configuration: Configuration,
    criticality: Criticality,
    owner: Owner,
    displayName: DisplayName,
  }
}
