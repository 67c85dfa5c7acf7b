import { afterPrefix, capability } from '#kernel/declare.ts'
import { deliverReports } from './deliver-reports.ts'
import { makeReports } from './make-reports.ts'
import { evidence0001 } from './migrations/0001-evidence.ts'
import { startDueReports } from './start-due-reports.ts'

/** Evidence of compliance: reports that never change once they are made, on request or on a schedule, and who signed them (CMP-10). */
export const evidenceCapability = capability({
  name: 'evidence',
  url: import.meta.url,
  changeKinds: [{ kind: 'evidence', read: 'steward:ListEvidenceReports', idOf: afterPrefix('evidence-report/') }],
  migrations: { 'evidence-0001': evidence0001 },
  tasks: [startDueReports, makeReports, deliverReports],
})
