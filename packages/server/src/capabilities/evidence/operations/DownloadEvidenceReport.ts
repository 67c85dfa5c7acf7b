import { readText } from '../content-store.ts'
import { damaged, notReady, reportNotFound } from '../errors.ts'
import { fileName, reportArn } from '../evidence-report.ts'
import { pdfOf } from '../files.ts'
import { steward } from '../steward.ts'
import { findReport } from '../store.ts'

/** Our own operation: a report as a file. A CSV comes in pieces, to be put together in order; a PDF comes whole. */
export const DownloadEvidenceReport = steward.open('DownloadEvidenceReport', {
  access: ({ ReportId }, { scope }) => ({
    action: 'steward:DownloadEvidenceReport',
    resources: [reportArn(scope, ReportId)],
  }),

  async handle({ ReportId: id, Format }, call) {
    const report = await call.read((reader) => findReport(reader, call.scope, id))
    if (!report) throw reportNotFound(id)
    if (report.status !== 'Complete') throw notReady(report.status)
    const common = { FileName: fileName(report, Format.toLowerCase()), Digest: report.digest! }
    if (Format === 'PDF') return { ...common, ContentType: 'application/pdf', Content: await pdfOf(call.read, report) }
    const part = call.cursor<number>() ?? 0
    const content = await readText(call.read, id, part)
    if (!content) throw damaged(id)
    const next = part + 1 < report.parts! ? part + 1 : undefined
    return { ...common, ContentType: 'text/csv; charset=utf-8', Content: content, NextToken: call.nextToken(next) }
  },
})
