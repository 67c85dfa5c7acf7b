import type { PreviewedNode, PreviewTargetsRequest } from '@steward/model/generated/steward.ts'
import { documentToRun, type RunnableDocument, referencedArn } from '#capabilities/documents/index.ts'
import { groupsSpelledOut, targetedGroup } from '#capabilities/groups/index.ts'
import { type ListedNode, listTargets, nodeArn } from '#capabilities/nodes/index.ts'
import { noResource } from '#capabilities/ssm.ts'
import type { OpenCall } from '#kernel/declare.ts'
import { steward } from '../steward.ts'

const PAGE = 50
/** Up to as many nodes the caller's leave is looked at for all of them, beyond for those of the page. */
const CHECKED_AT_MOST = 1000
const NO_STANDING = 'The credentials of this request are good no more.'

/**
 * Our own operation: whom an act would reach before it is done, who of them is there and fits the document, and whether the caller may
 * act there at all, with the reason if not. It shows what DescribeInstanceInformation shows.
 */
export const PreviewTargets = steward.open('PreviewTargets', {
  access: (input, { scope }) => {
    const group = targetedGroup(scope, wanted(input).targets)
    const looking = { action: 'ssm:DescribeInstanceInformation', resources: noResource(scope) }
    return group === undefined
      ? looking
      : [looking, { action: 'resource-groups:ListGroupResources', resources: [group] }]
  },

  async handle(input, call) {
    const { scope } = call
    const { Action = 'ssm:SendCommand', DocumentName, MaxResults: limit = PAGE } = input
    const { instanceIds, targets } = wanted(input)
    const matched = await call.read(async (db) => {
      const spelledOut = { instanceIds, targets: await groupsSpelledOut({ ...call, db }, targets) }
      return listTargets(db, scope, spelledOut, call.now)
    })
    const document = await documentOf(input, call)
    const after = call.cursor<string>() ?? ''
    const rest = matched.filter(({ nodeId }) => nodeId > after)
    const page = rest.slice(0, limit)
    const checked = matched.length <= CHECKED_AT_MOST ? matched : page
    const refusals = await refusalsOf(call, Action, checked)
    return {
      MatchedCount: matched.length,
      OnlineCount: matched.filter(({ pingStatus }) => pingStatus === 'Online').length,
      PlatformMismatchCount: document && matched.filter((node) => !fits(node, document)).length,
      CheckedCount: checked.length,
      RefusedCount: refusals.size,
      DocumentRefusal: DocumentName && (await refusalOn(call, Action, referencedArn(scope, DocumentName))),
      UnknownInstanceIds: unknownIds(input, matched),
      Nodes: page.map((node) => toPreviewed(node, document, refusals.get(node.nodeId))),
      NextToken: call.nextToken(rest.length > page.length ? page.at(-1)?.nodeId : undefined),
    }
  },
})

function wanted({ InstanceIds = [], Targets = [] }: PreviewTargetsRequest) {
  return {
    instanceIds: InstanceIds,
    targets: Targets.map(({ Key, Values }) => ({ Key, Values: Values && [...Values] })),
  }
}

async function documentOf({ DocumentName, DocumentVersion }: PreviewTargetsRequest, call: OpenCall) {
  if (!DocumentName) return undefined
  return call.read((reader) => documentToRun(reader, call.scope, DocumentName, DocumentVersion))
}

/** A node that has not said yet what it is gets the command. */
function fits({ facts: { platformType } }: ListedNode, { content }: RunnableDocument): boolean {
  return platformType === undefined || content.platformTypes.includes(platformType)
}

/** The sentences of refusal, for the nodes on which the caller may not act. */
async function refusalsOf(call: OpenCall, action: string, nodes: readonly ListedNode[]): Promise<Map<string, string>> {
  const standing = await call.standing()
  const refusals = new Map<string, string>()
  for (const { nodeId } of nodes) {
    const access = { action, resources: [nodeArn(call.scope, nodeId)] }
    const refusal = standing ? await standing.refusal(access) : NO_STANDING
    if (refusal !== undefined) refusals.set(nodeId, refusal)
  }
  return refusals
}

async function refusalOn(call: OpenCall, action: string, resource: string): Promise<string | undefined> {
  const standing = await call.standing()
  return standing ? standing.refusal({ action, resources: [resource] }) : NO_STANDING
}

function unknownIds({ InstanceIds = [] }: PreviewTargetsRequest, matched: readonly ListedNode[]): string[] {
  const known = new Set(matched.map(({ nodeId }) => nodeId))
  return InstanceIds.filter((id) => !known.has(id))
}

function toPreviewed(
  node: ListedNode,
  document: RunnableDocument | undefined,
  refusal: string | undefined,
): PreviewedNode {
  const { nodeId, pingStatus, facts } = node
  return {
    InstanceId: nodeId,
    Name: facts.computerName ?? facts.name,
    PingStatus: pingStatus,
    PlatformType: facts.platformType,
    PlatformName: facts.platformName,
    PlatformFits: document && fits(node, document),
    Allowed: refusal === undefined,
    Reason: refusal,
  }
}
