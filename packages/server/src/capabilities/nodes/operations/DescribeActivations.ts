import { noResource, ssm } from '#capabilities/ssm.ts'
import { toApiActivation } from '../activation.ts'
import { type ActivationCursor, listActivations } from '../activation-store.ts'
import { invalidFilter } from '../errors.ts'

const PAGE = 50

export const DescribeActivations = ssm.read('DescribeActivations', {
  access: (_input, { scope }) => ({ action: 'ssm:DescribeActivations', resources: noResource(scope) }),

  async handle(input, call) {
    const filters = (input.Filters ?? []).map(({ FilterKey, FilterValues }) => {
      if (!FilterKey || !FilterValues?.length) throw invalidFilter('A filter must have a FilterKey and FilterValues.')
      return { FilterKey, FilterValues }
    })
    const limit = input.MaxResults ?? PAGE
    const found = await listActivations(call.db, call.scope, filters, call.cursor<ActivationCursor>(), limit + 1)
    const page = found.slice(0, limit)
    const last = found.length > limit ? page.at(-1) : undefined
    return {
      ActivationList: page.map((activation) => toApiActivation(activation, call.now)),
      NextToken: call.nextToken(last && { createdAt: last.createdAt.toISOString(), id: last.id }),
    }
  },
})
