/** Reads of one Region, or of those that a resource data sync gathers in it. */
import { noResource } from '#capabilities/ssm.ts'
import type { Reader } from '#db/database.ts'
import type { Access, Call, OpenCall } from '#kernel/declare.ts'
import type { Scope } from '#kernel/scope.ts'

/** Where to look: the call's Region first. Throws `ResourceDataSyncNotFoundException`. */
export async function gatheredScopes(
  reader: Reader,
  { scope, dataSyncs }: Pick<Call | OpenCall, 'scope' | 'dataSyncs'>,
  syncName: string | undefined,
): Promise<Scope[]> {
  if (syncName === undefined) return [scope]
  const regions = await dataSyncs.regionsOf(reader, scope, syncName)
  return regions.map((region) => ({ ...scope, region }))
}

/** What callers must be allowed to do in each of these Regions, as if they had asked there. */
export function gatheringDemand(action: string, call: Call, syncName: string | undefined): Access {
  return {
    action,
    resources: noResource(call.scope),
    also: async () => {
      const [, ...others] = await gatheredScopes(call.db, call, syncName)
      return others.map((scope) => ({
        action,
        resources: noResource(scope),
        context: { 'aws:RequestedRegion': scope.region },
      }))
    },
  }
}
