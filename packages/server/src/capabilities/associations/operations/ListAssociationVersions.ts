import { ssm } from '#capabilities/ssm.ts'
import { idsAccess } from '../access.ts'
import { toVersionInfo } from '../association.ts'
import { namedAssociation } from '../named-association.ts'
import { listVersions } from '../store.ts'

const PAGE = 50

/** Newest first. */
export const ListAssociationVersions = ssm.read('ListAssociationVersions', {
  access: (input, call) => idsAccess(call, 'ssm:ListAssociationVersions', [input.AssociationId]),

  async handle(input, call) {
    const association = await namedAssociation(call, { AssociationId: input.AssociationId })
    const limit = input.MaxResults ?? PAGE
    const rows = await listVersions(call.db, association.id, call.cursor<number>(), limit + 1)
    const page = rows.slice(0, limit)
    return {
      AssociationVersions: page.map((version) => toVersionInfo(association, version)),
      NextToken: call.nextToken(rows.length > limit ? page.at(-1)!.version : undefined),
    }
  },
})
