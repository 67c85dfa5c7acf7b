import { noResource, ssm } from '#capabilities/ssm.ts'
import { findDeletion, listDeletions, toStatusItem } from '../deletion.ts'
import { invalidDeletionId } from '../errors.ts'

const PAGE = 50

interface Cursor {
  readonly at: string
  readonly id: string
}

/** How far deletions are: one, or those of the last 30 days, the latest first. */
export const DescribeInventoryDeletions = ssm.read('DescribeInventoryDeletions', {
  access: (_input, { scope }) => ({ action: 'ssm:DescribeInventoryDeletions', resources: noResource(scope) }),

  async handle({ DeletionId: id, MaxResults: limit = PAGE }, { db, scope, now, ...call }) {
    if (id !== undefined) {
      const deletion = await findDeletion(db, scope, { id })
      if (!deletion) throw invalidDeletionId(id)
      return { InventoryDeletions: [toStatusItem(deletion)] }
    }
    const before = call.cursor<Cursor>()
    const found = await listDeletions(db, scope, now, { before, limit: limit + 1 })
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    return {
      InventoryDeletions: page.map(toStatusItem),
      NextToken: call.nextToken(last && { at: last.startedAt.toISOString(), id: last.id }),
    }
  },
})
