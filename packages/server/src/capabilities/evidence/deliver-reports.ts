/** Writes complete reports into the buckets that their schedules name; what a bucket does not take now is tried again a minute later. */
import { openDestination } from '#capabilities/objects/index.ts'
import { ApiError } from '#kernel/api-error.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import { DeliveryFailed } from '#kernel/delivery-failed.ts'
import { serviceDestination } from './destination.ts'
import { destinationOf, objectKey } from './evidence-report.ts'
import { csvOf, pdfOf } from './files.ts'
import { changeReport, openReports } from './store.ts'
import type { ReportTable } from './tables.ts'

const AT_ONCE = 10

export const deliverReports = task({
  name: 'evidence.deliver-reports',
  everyMs: 60_000,
  async run(context) {
    const done = { delivered: 0, failed: 0 }
    for (const report of await context.read((reader) => openReports(reader, 'delivered', AT_ONCE))) {
      try {
        await deliver(report, context)
        await note(report, { delivery: 'Delivered', delivery_message: null }, context)
        done.delivered++
      } catch (error) {
        if (context.signal.aborted) break
        await note(report, failure(error, report, context), context)
        done.failed++
      }
    }
    return done
  },
})

async function deliver(report: ReportTable, context: TaskContext): Promise<void> {
  const { schedule_name, account } = report
  const asked = destinationOf(report)!
  const bucket = await openDestination(context, { account }, serviceDestination(report, schedule_name!, asked))
  const keyOf = (extension: string) => objectKey(report, asked.Prefix ?? '', extension)
  await bucket.put(keyOf('csv'), await csvOf(context.read, report), 'text/csv; charset=utf-8')
  await bucket.put(keyOf('pdf'), await pdfOf(context.read, report), 'application/pdf')
}

/** What the bucket refuses it would refuse again; everything else may be better the next time. */
function failure(error: unknown, { id }: ReportTable, { log }: TaskContext): Partial<ReportTable> {
  const isRefused = error instanceof ApiError || (error instanceof DeliveryFailed && !error.retry)
  if (isRefused) return { delivery: 'Failed', delivery_message: error.message }
  if (error instanceof DeliveryFailed) return { delivery_message: error.message }
  log.error({ err: error, report: id }, 'an evidence report could not be written into its bucket')
  return { delivery_message: 'The server failed; its log says why.' }
}

async function note(report: ReportTable, change: Partial<ReportTable>, { write }: TaskContext): Promise<void> {
  await write((tx) => changeReport(tx, report, change, { delivery: 'Pending' }))
}
