import { capability } from '#kernel/declare.ts'
import { forgetOldPeriods } from './forget-old-periods.ts'
import { compliance0001 } from './migrations/0001-compliance.ts'
import { compliance0002 } from './migrations/0002-revision.ts'
import { compliance0003 } from './migrations/0003-failing-items.ts'
import { compliance0004 } from './migrations/0004-failing-since.ts'
import { forgetNode } from './store.ts'

export { type Execution, SEVERITIES } from './compliance.ts'
export { complianceOnNodes } from './compliance-on-nodes.ts'
export { evidenceOfNodes, type FailingItemEvidence, type NodeEvidence, type TypeEvidence } from './evidence-of-nodes.ts'
export {
  type ComplianceReport,
  putComplianceItems,
  removeComplianceItems,
  setManualAssociation,
} from './store.ts'
export type { Putting } from './summary.ts'
export { complianceItemsOf, complianceOfNodes, complianceRevisions } from './told-as-inventory.ts'

/** Compliance: what of each type is as it should be on each node (CMP-01 … CMP-10). */
export const complianceCapability = capability({
  name: 'compliance',
  url: import.meta.url,
  changeKinds: [{ kind: 'compliance', read: 'ssm:ListResourceComplianceSummaries' }],
  migrations: {
    'compliance-0001': compliance0001,
    'compliance-0002': compliance0002,
    'compliance-0003': compliance0003,
    'compliance-0004': compliance0004,
  },
  tasks: [forgetOldPeriods],
  forgetNode,
})
