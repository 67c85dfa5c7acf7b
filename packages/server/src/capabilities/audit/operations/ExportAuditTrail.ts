import type { Operations } from '@steward/model/generated/steward.ts'
import { service } from '#kernel/declare.ts'
import { exportedRecords } from '../export.ts'

const steward = service<Operations>('steward')

/** Our own operation: the records as they are chained, in order, to be kept and verified elsewhere (REP-05). */
export const ExportAuditTrail = steward.open('ExportAuditTrail', {
  access: () => ({ action: 'steward:ExportAuditTrail', resources: ['*'] }),

  async handle({ StartTime, EndTime }, call) {
    await call.audit.flush()
    const after = call.cursor<number>()
    const { records, last } = await call.read((reader) => exportedRecords(reader, { StartTime, EndTime, after }))
    return { Records: records, NextToken: call.nextToken(last) }
  },
})
