import type { Operations } from '@steward/model/generated/steward.ts'
import { service } from '#kernel/declare.ts'
import { beginExport, type Exporting, exportSome } from '../export.ts'

const steward = service<Operations>('steward')

/** Our own operation: the records as they are chained, in order, to be kept and verified elsewhere (REP-05). */
export const ExportAuditTrail = steward.open('ExportAuditTrail', {
  access: () => ({ action: 'steward:ExportAuditTrail', resources: ['*'] }),

  async handle({ StartTime, EndTime }, call) {
    await call.audit.flush()
    const exporting = call.cursor<Exporting>() ?? (await call.read((reader) => beginExport(reader, StartTime)))
    const { records, next } = await call.read((reader) => exportSome(reader, exporting, EndTime))
    return { Records: records, NextToken: call.nextToken(next) }
  },
})
