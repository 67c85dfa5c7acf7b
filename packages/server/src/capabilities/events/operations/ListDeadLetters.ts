import { deleteDeadLetters, listDeadLetters, redriveDeadLetters, toDeadLetter } from '../dead-letters.ts'
import { makeDeliveries } from '../make-deliveries.ts'
import { steward } from '../steward.ts'

const PAGE_SIZE = 50

/** Our own operation: deliveries that were given up, newest first, and why (EVT-04). */
export const ListDeadLetters = steward.read('ListDeadLetters', {
  access: (input) => ({ action: 'steward:ListDeadLetters', resources: [input.SourceArn ?? '*'] }),

  async handle({ SourceArn, TargetArn, MaxResults = PAGE_SIZE }, call) {
    const before = call.cursor<number>()
    const filter = { sourceArn: SourceArn, targetArn: TargetArn, before, limit: MaxResults + 1 }
    const rows = await listDeadLetters(call.db, call.scope, filter)
    const page = rows.slice(0, MaxResults)
    return {
      DeadLetters: page.map(toDeadLetter),
      NextToken: call.nextToken(rows.length > MaxResults ? page.at(-1)!.seq : undefined),
    }
  },
})

/** Our own operation: tries deliveries again that were given up. */
export const RedriveDeadLetters = steward.write('RedriveDeadLetters', {
  access: () => ({ action: 'steward:RedriveDeadLetters', resources: ['*'] }),

  async handle({ DeadLetterIds }, call) {
    const Redriven = await redriveDeadLetters(call.db, call.scope, call.now, DeadLetterIds)
    call.wake(makeDeliveries)
    return { Redriven }
  },
})

/** Our own operation: forgets deliveries that were given up. */
export const DeleteDeadLetters = steward.write('DeleteDeadLetters', {
  access: () => ({ action: 'steward:DeleteDeadLetters', resources: ['*'] }),

  async handle({ DeadLetterIds }, call) {
    return { Deleted: await deleteDeadLetters(call.db, call.scope, DeadLetterIds) }
  },
})
