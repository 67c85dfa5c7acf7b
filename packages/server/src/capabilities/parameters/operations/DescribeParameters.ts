import { ssm } from '#capabilities/ssm.ts'
import { arn } from '#kernel/scope.ts'
import { describeFilters } from '../filters.ts'
import { isPublic } from '../name.ts'
import { toMetadata } from '../parameter.ts'
import { publicParametersUnder } from '../public-parameters.ts'
import { listShared } from '../sharing.ts'
import { listParameters } from '../store.ts'

const PAGE = 50

/** The key of the last parameter of a page; of a shared one, also whose it is. */
export interface DescribeCursor {
  readonly account: string
  readonly after: string
}

export const DescribeParameters = ssm.read('DescribeParameters', {
  access: (_, call) => ({ action: 'ssm:DescribeParameters', resources: [arn(call.scope, 'ssm', '*')] }),

  async handle(input, call) {
    const limit = input.MaxResults ?? PAGE
    const filters = describeFilters(input.Filters, input.ParameterFilters)
    const cursor = call.cursor<DescribeCursor>()
    const publicPath = filters.paths?.find(({ path }) => isPublic(`${path}/`))
    const rows = publicPath
      ? await publicParametersUnder(call, call.scope.region, publicPath, filters, cursor?.after, limit + 1)
      : input.Shared
        ? await listShared(call, filters, cursor, limit + 1)
        : await listParameters(call.db, call.scope, filters, cursor?.after, limit + 1)
    const page = rows.slice(0, limit)
    const last = rows.length > limit ? page.at(-1) : undefined
    return {
      Parameters: page.map(toMetadata),
      NextToken: call.nextToken(last && ({ account: last.account, after: last.key } satisfies DescribeCursor)),
    }
  },
})
