import type { EnrolmentKey } from '@steward/model/generated/steward.ts'
import { noResource } from '#capabilities/ssm.ts'
import { toApiActivation } from '../activation.ts'
import type { ActivationCursor } from '../activation-store.ts'
import { listKeys } from '../enrolment-key-store.ts'
import { steward } from '../steward.ts'

const PAGE = 50

/** Our own operation: the enrolment keys, the newest first, with what they demand of machines. */
export const ListEnrolmentKeys = steward.read('ListEnrolmentKeys', {
  access: (_input, { scope }) => ({ action: 'ssm:DescribeActivations', resources: noResource(scope) }),

  async handle(_input, call) {
    const found = await listKeys(call.db, call.scope, call.cursor<ActivationCursor>(), PAGE + 1)
    const page = found.slice(0, PAGE)
    const last = found.length > PAGE ? page.at(-1)!.activation : undefined
    return {
      EnrolmentKeys: page.map(
        ({ activation, terms }) =>
          ({
            ...toApiActivation(activation, call.now),
            SourceRanges: [...terms.sourceRanges],
            HostNamePattern: terms.hostNamePattern,
            NeedsApproval: terms.needsApproval,
          }) as EnrolmentKey,
      ),
      NextToken: call.nextToken(last && { createdAt: last.createdAt.toISOString(), id: last.id }),
    }
  },
})
