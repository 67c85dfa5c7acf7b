import type { DescribeAssociationRequest } from '@steward/model/generated/ssm.ts'
import { ssm } from '#capabilities/ssm.ts'
import type { Reader } from '#db/database.ts'
import type { Call } from '#kernel/declare.ts'
import { namedAccess } from '../access.ts'
import { toDescription } from '../association.ts'
import { associationDoesNotExist, noSuchVersion } from '../errors.ts'
import { namedAssociation } from '../named-association.ts'
import { findNodeState } from '../node-state.ts'
import { findVersion, statusCounts } from '../store.ts'
import type { AssociationTable } from '../tables.ts'

export const DescribeAssociation = ssm.read('DescribeAssociation', {
  access: (input, call) => namedAccess(call, 'ssm:DescribeAssociation', input),

  async handle(input, call) {
    const latest = await namedAssociation(call, input)
    await mustBeOwn(call, latest)
    const row = await inVersion(call.db, latest, input)
    const counts = await statusCounts(call.db, [row.id])
    return { AssociationDescription: toDescription(row, counts.get(row.id)!) }
  },
})

/** For nodes there are no associations but their own. */
async function mustBeOwn({ db, principal }: Call, { id }: AssociationTable): Promise<void> {
  if (principal.kind === 'node' && !(await findNodeState(db, id, principal.nodeId))) throw associationDoesNotExist(id)
}

/** The association as the wanted version says it; the latest unless one is named. */
async function inVersion(
  db: Reader,
  latest: AssociationTable,
  { AssociationVersion: wanted = '$LATEST' }: DescribeAssociationRequest,
): Promise<AssociationTable> {
  if (wanted === '$LATEST' || Number(wanted) === latest.version) return latest
  const found = await findVersion(db, latest.id, Math.min(Number(wanted), 2_147_483_647))
  if (!found) throw noSuchVersion(wanted)
  return { ...latest, version: found.version, definition: found.definition, updated_at: found.created_at }
}
