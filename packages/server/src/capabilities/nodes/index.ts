import { afterPrefix, capability } from '#kernel/declare.ts'
import { forgetEnrolmentRequests } from './forget-enrolment-requests.ts'
import { nodes0001 } from './migrations/0001-nodes.ts'
import { nodes0002 } from './migrations/0002-search.ts'
import { nodes0003 } from './migrations/0003-refusals.ts'
import { nodes0004 } from './migrations/0004-doubles.ts'
import { nodes0005 } from './migrations/0005-enrolment.ts'
import { nodes0006 } from './migrations/0006-enrolment-decisions.ts'
import { doublesSince, noteDouble } from './node-double.ts'
import { noteRefusal } from './node-refusal.ts'
import { findIdentity } from './node-store.ts'
import { seen, serverStarted } from './presence.ts'

export { summarizeActivations, summarizeNodes, summarizeNodesOf } from './fleet-summary.ts'
export { nodeArn, passRole } from './node.ts'
export type { NodeAttribute, NodeCondition, Operator } from './node-condition.ts'
export { type ListedNode, listNodes, nodeIds, regionsWithNodes } from './node-query.ts'
export { findNodesByText, nodeValues, searchConditions } from './node-search.ts'
export { isConnected } from './node-store.ts'
export { INSTANCE_STATUSES } from './presence.ts'
export { findNodes, listTargets, nodesMatching, type TargetNode, targetCondition } from './targets.ts'

/** Activations, the machines that were registered with them, and who of them is there. */
export const nodesCapability = capability({
  name: 'nodes',
  url: import.meta.url,
  migrations: {
    'nodes-0001': nodes0001,
    'nodes-0002': nodes0002,
    'nodes-0003': nodes0003,
    'nodes-0004': nodes0004,
    'nodes-0005': nodes0005,
    'nodes-0006': nodes0006,
  },
  tasks: [forgetEnrolmentRequests],
  changeKinds: [
    { kind: 'nodes', read: 'ssm:DescribeInstanceInformation', idOf: afterPrefix('managed-instance/') },
    { kind: 'activations', read: 'ssm:DescribeActivations' },
  ],
  nodeDirectory: {
    find: findIdentity,
    seen,
    refused: noteRefusal,
    doubled: noteDouble,
    doubles: doublesSince,
    serverStarted,
  },
})
