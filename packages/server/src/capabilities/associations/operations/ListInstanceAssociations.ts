import { resolved } from '#capabilities/commands/index.ts'
import { documentToRun, withTimeoutsUpTo } from '#capabilities/documents/index.ts'
import { nodeArn } from '#capabilities/nodes/index.ts'
import { ssm } from '#capabilities/ssm.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { WriteCall } from '#kernel/declare.ts'
import { definitionOf } from '../association.ts'
import { handOut, type Shown, toItem } from '../hand-out.ts'

const PAGE = 50

/** A node asks for its associations, and is handed what is to run now. Agents make this call every few minutes and when told to. */
export const ListInstanceAssociations = ssm.write('ListInstanceAssociations', {
  access: (input, call) => ({
    action: 'ssm:ListInstanceAssociations',
    resources: [nodeArn(call.scope, input.InstanceId)],
  }),

  async handle(input, call) {
    const limit = Math.min(input.MaxResults ?? PAGE, PAGE)
    const { shown, next } = await handOut(call, call.scope, input.InstanceId, call.cursor<string>(), limit)
    const items = []
    for (const one of shown) items.push(await toItem(call, one, await parametersFor(call, one)))
    return { Associations: items.filter((item) => item !== undefined), NextToken: call.nextToken(next) }
  },
})

/**
 * With the values of Parameter Store that they refer to; as they are if those cannot be had, so that the node says so. Time-outs end with
 * the Duration: a node that cannot be told to stop, for it is cut off or an agent of Amazon's, stops by itself then.
 */
async function parametersFor(
  call: WriteCall,
  { association, until }: Shown,
): Promise<Record<string, string[]> | undefined> {
  const { Name, DocumentVersion, Parameters } = definitionOf(association)
  if (!Parameters && !until) return undefined
  try {
    const document = await documentToRun(call.db, call.scope, Name, DocumentVersion)
    const parameters = (await resolved(call, document, Parameters ?? {})).parameters as Record<string, string[]>
    if (!until) return parameters
    return withTimeoutsUpTo(Math.ceil((until.getTime() - call.now.getTime()) / 1000), document.content, parameters)
  } catch (error) {
    if (error instanceof ApiError) return Parameters
    throw error
  }
}
