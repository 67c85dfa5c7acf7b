/** What a caller must be allowed to do so that documents are applied to nodes in its name. */
import { parameterAccess } from '#capabilities/commands/index.ts'
import { referencedArn } from '#capabilities/documents/index.ts'
import { groupsSpelledOut, targetedGroup } from '#capabilities/groups/index.ts'
import { nodeArn, nodesMatching } from '#capabilities/nodes/index.ts'
import type { Access, Call } from '#kernel/declare.ts'
import { associationArn, type Definition, targetsOf } from './association.ts'
import type { Named } from './named-association.ts'

/**
 * On the document and on every node, those included that the targets mean right now; the nodes that will match later are allowed by the
 * tags that they will have. And on reading the parameters of Parameter Store that are referred to, which the audit trail names.
 */
export async function applyAccess(
  call: Call,
  action: string,
  definition: Definition,
  more: readonly string[] = [],
): Promise<Access[]> {
  const onDocument: Access = {
    action,
    resources: [referencedArn(call.scope, definition.Name), ...more],
    also: async () => [await onTargets(call, action, definition), ...onGroup(call, definition)],
  }
  return [onDocument, ...(await parameterAccess(call, { ...definition, DocumentName: definition.Name }))]
}

async function onTargets(call: Call, action: string, definition: Definition): Promise<Access> {
  const { db, scope } = call
  const targets = targetsOf(definition)
  const nodes = await nodesMatching(db, scope, await groupsSpelledOut(call, targets))
  const named = targets.every(
    ({ Key = '', Values = [] }) => Key.toLowerCase() === 'instanceids' && !Values.includes('*'),
  )
  if (named && nodes.length > 0) return { action, resources: nodes.map(({ nodeId }) => nodeArn(scope, nodeId)) }
  const context: Record<string, string> = {}
  for (const { Key = '', Values = [] } of targets) {
    if (!Key.startsWith('tag:') || Values.length !== 1) continue
    context[`aws:ResourceTag/${Key.slice(4)}`] = Values[0]!
    context[`ssm:resourceTag/${Key.slice(4)}`] = Values[0]!
  }
  return { action, resources: [nodeArn(scope, '*')], context }
}

function onGroup({ scope }: Call, definition: Definition): Access[] {
  const group = targetedGroup(scope, targetsOf(definition))
  return group === undefined ? [] : [{ action: 'resource-groups:ListGroupResources', resources: [group] }]
}

/** On the association that is named by its id, or on the document and the node whose association it is. */
export function namedAccess({ scope }: Call, action: string, { AssociationId: id, Name, InstanceId }: Named): Access {
  if (id !== undefined) return idsAccess({ scope }, action, [id])
  const document = Name === undefined ? [] : [referencedArn(scope, Name)]
  const node = InstanceId === undefined ? [] : [nodeArn(scope, InstanceId)]
  return { action, resources: [...document, ...node] }
}

/** The same for several. */
export function idsAccess({ scope }: Pick<Call, 'scope'>, action: string, ids: readonly string[]): Access {
  return { action, resources: ids.map((id) => associationArn(scope, id)) }
}
