import { afterPrefix, capability } from '#kernel/declare.ts'
import { associationDirectory } from './association-directory.ts'
import { associationChannel } from './channel.ts'
import { dispatchRuns } from './dispatch-runs.ts'
import { followContents } from './follow-contents.ts'
import { followGroups, followNodes, forgetNode } from './follow-nodes.ts'
import { associations0001 } from './migrations/0001-associations.ts'
import { associations0002 } from './migrations/0002-runs-of-node.ts'
import { reviewSchedules, startDueRuns } from './start-due-runs.ts'
import { forgetOldExecutions, watchRuns } from './watch-runs.ts'

export { statusesOnNodes } from './statuses-on-nodes.ts'

/** State Manager: documents that are applied to nodes again and again, and what it came to on each (STM-01 … STM-23). */
export const associationsCapability = capability({
  name: 'associations',
  url: import.meta.url,
  changeKinds: [{ kind: 'associations', read: 'ssm:ListAssociations', idOf: afterPrefix('association/') }],
  migrations: { 'associations-0001': associations0001, 'associations-0002': associations0002 },
  tasks: [
    startDueRuns,
    reviewSchedules,
    dispatchRuns,
    watchRuns,
    followNodes,
    followGroups,
    followContents,
    forgetOldExecutions,
  ],
  channels: [associationChannel],
  associationDirectory,
  forgetNode,
})
