/** What queries may ask for, and what it takes. */
import type { ResourceQuery } from '@steward/model/generated/resource-groups.ts'
import { badQuery, INVENTORY_QUERY, type MemberQuery, readQuery } from '#capabilities/groups/index.ts'
import { noResource } from '#capabilities/ssm.ts'
import type { Access, Call } from '#kernel/declare.ts'

/** What a query asks for, all of it good; undefined for that of a stack. Throws `BadRequestException`. */
export function checkedQuery(query: ResourceQuery, { inventory }: Pick<Call, 'inventory'>): MemberQuery | undefined {
  const read = readQuery(query)
  const fault = read?.inventory && inventory.faultIn(read.inventory)
  if (fault !== undefined) throw badQuery(fault)
  return read
}

/** A group may be about a stack that is there (RG-02a). There are no stacks, so its query is refused. */
export function requireStack(query: MemberQuery | undefined): void {
  if (!query) throw badQuery('The specified CloudFormation stack does not exist.')
}

/**
 * Whoever asks by inventory learns from the answer what nodes reported, so the same is demanded as for reading it. Who may list what is in
 * a group is shown its members, whatever it was made of.
 */
export function queryAccess(query: ResourceQuery | undefined, { scope }: Pick<Call, 'scope'>): readonly Access[] {
  return query?.Type === INVENTORY_QUERY ? [{ action: 'ssm:GetInventory', resources: noResource(scope) }] : []
}
