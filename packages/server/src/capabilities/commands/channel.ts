import type { Channel } from '#kernel/declare.ts'
import { nextJobs } from './hand-out.ts'
import { takeReports } from './take-reports.ts'

/** Commands between server and nodes. */
export const commandChannel: Channel = { name: 'command', next: nextJobs, report: takeReports }
