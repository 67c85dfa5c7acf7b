import type { FailedResource } from '@steward/model/generated/resource-groups.ts'
import { badRequest, explicitMembers, type ResourceGroup, setMembers } from '#capabilities/groups/index.ts'
import { noteChange } from '#db/changes.ts'
import type { WriteCall } from '#kernel/declare.ts'
import { allowedTypes } from '../configuration.ts'
import { findResources } from '../find-resources.ts'
import { namedGroup, onGroup } from '../named-group.ts'
import { resourceGroups } from '../services.ts'

/** Puts what exists, and may be in the group, into it; each of the others fails for itself (RG-03). */
export const GroupResources = resourceGroups.write('GroupResources', {
  access: (input, call) => onGroup('GroupResources', input, call),

  async handle(input, call) {
    const group = await explicitGroup(input.Group, call)
    const arns = [...new Set(input.ResourceArns)]
    const failures = await failuresOf(arns, group, call)
    const Succeeded = arns.filter((arn) => !failures.has(arn))
    await change(group, Succeeded, 'GROUP', call)
    return { Succeeded, Failed: [...failures.values()], Pending: [] }
  },
})

export const UngroupResources = resourceGroups.write('UngroupResources', {
  access: (input, call) => onGroup('UngroupResources', input, call),

  async handle(input, call) {
    const group = await explicitGroup(input.Group, call)
    const members = await explicitMembers(call.db, group)
    const arns = [...new Set(input.ResourceArns)]
    const Succeeded = arns.filter((arn) => members.includes(arn))
    const Failed = arns.filter((arn) => !members.includes(arn)).map((arn) => failed(arn, 'It is not in the group.'))
    await change(group, Succeeded, 'UNGROUP', call)
    return { Succeeded, Failed, Pending: [] }
  },
})

/** Throws `BadRequestException` for a group whose members a query finds. */
async function explicitGroup(Group: string, call: WriteCall): Promise<ResourceGroup> {
  const group = await namedGroup({ Group }, call)
  if (group.query) throw badRequest(`The group ${group.name} has a query, which alone says what is in it.`)
  return group
}

async function failuresOf(
  arns: readonly string[],
  { configuration }: ResourceGroup,
  { db, scope }: WriteCall,
): Promise<Map<string, FailedResource>> {
  const wanted = { filters: [], arns, ofType: () => true, untagged: true, bare: true }
  const found = await findResources(db, scope, wanted, undefined, arns.length)
  const types = new Map(found.map(({ arn, keeper }) => [arn, keeper.cloudType]))
  const allowed = allowedTypes(configuration)
  const failures = arns.flatMap((arn) => {
    const type = types.get(arn)
    if (type === undefined)
      return failed(arn, 'There is no such resource in this account and Region.', 'NotFoundException')
    return allowed && !allowed.includes(type) ? failed(arn, `The group does not allow resources of type ${type}.`) : []
  })
  return new Map(failures.map((failure) => [failure.ResourceArn, failure]))
}

function failed(ResourceArn: string, ErrorMessage: string, ErrorCode = 'BadRequestException') {
  return { ResourceArn, ErrorMessage, ErrorCode }
}

async function change(
  group: ResourceGroup,
  arns: readonly string[],
  action: 'GROUP' | 'UNGROUP',
  { db, scope, now }: WriteCall,
): Promise<void> {
  await setMembers(db, group, arns, action, now)
  noteChange(db, { kind: 'groups', ids: [group.name], region: scope.region })
}
