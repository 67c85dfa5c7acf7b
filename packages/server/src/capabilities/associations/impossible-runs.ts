/** Runs that end before they begin, with their reason. */
import type { TargetNode } from '#capabilities/nodes/index.ts'
import { tables } from '#db/database.ts'
import type { Acting } from './acting.ts'
import { definitionOf, targetsOf } from './association.ts'
import type { Content } from './content.ts'
import { finishRun, type Outcome } from './finish-run.ts'
import { meantNodes } from './meant-nodes.ts'
import type { Progress } from './progress.ts'
import type { AssociationTable, AssociationTables, RunTable } from './tables.ts'

/** Of the associations with this document only one counts on a node (STM-18). */
const INVENTORY = 'AWS-GatherSoftwareInventory'
const OVERRIDDEN: Outcome = {
  status: 'Skipped',
  detailedStatus: 'Overridden By Explicit Inventory Association',
  summary: 'Another inventory association names this node more explicitly.',
}

interface Begun {
  readonly runs: readonly RunTable[]
  /** Each at the place of its run. */
  readonly nodes: readonly TargetNode[]
  readonly content: Content
  readonly progress: Progress
}

/** Ends what cannot be run: without a document nothing, and nothing on platforms that it is not for. */
export async function endImpossible(acting: Acting, association: AssociationTable, begun: Begun): Promise<void> {
  const { runs, nodes, content, progress } = begun
  const overridden = await overriddenNodes(acting, association)
  for (const [index, { nodeId, platformType }] of nodes.entries()) {
    const outcome = overridden.has(nodeId) ? OVERRIDDEN : whyNot(content, platformType)
    if (outcome) await finishRun(acting, association, runs[index]!, outcome, progress)
  }
}

function whyNot({ document, fault }: Content, platform: TargetNode['platformType']): Outcome | undefined {
  if (!document)
    return { status: 'Failed', detailedStatus: 'Failed', errorCode: 'InvalidAssoc', summary: fault.slice(0, 512) }
  // A node that has not yet said what it is gets it; its agent knows.
  if (!platform || document.content.platformTypes.includes(platform)) return undefined
  const summary = `The document ${document.name} does not support ${platform}.`
  return { status: 'Skipped', detailedStatus: 'InvalidPlatform', summary }
}

/** Nodes for which another inventory association is more explicit. */
async function overriddenNodes(acting: Acting, association: AssociationTable): Promise<Set<string>> {
  if (association.document_name !== INVENTORY) return new Set()
  const others = await tables<AssociationTables>(acting.db)
    .selectFrom('association')
    .selectAll()
    .where('account', '=', association.account)
    .where('region', '=', association.region)
    .where('document_name', '=', INVENTORY)
    .where('id', '!=', association.id)
    .execute()
  const nodes = new Set<string>()
  for (const other of others) {
    if (explicitness(other) <= explicitness(association)) continue
    for (const { nodeId } of await meantNodes(acting, other)) nodes.add(nodeId)
  }
  return nodes
}

/** All nodes are less than tags and groups, and those less than ids of nodes. */
function explicitness(association: AssociationTable): number {
  const targets = targetsOf(definitionOf(association))
  if (!targets.every(({ Key = '' }) => Key.toLowerCase() === 'instanceids')) return 1
  return targets.some(({ Values = [] }) => Values.includes('*')) ? 0 : 2
}
