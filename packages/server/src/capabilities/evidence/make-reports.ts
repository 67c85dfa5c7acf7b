/**
 * Makes the reports that were asked for. A report that was begun when the server was killed is made anew; until it is complete nobody can
 * read any of it, and from then on it never changes.
 */

import { readHead } from '#capabilities/audit/index.ts'
import { deliverEvents, emitEvent } from '#capabilities/events/index.ts'
import { type TaskContext, task } from '#kernel/declare.ts'
import { headerLine, lineOf } from './content.ts'
import { ContentTooLarge, ContentWriter, dropContent, MOST_BYTES } from './content-store.ts'
import { deliverReports } from './deliver-reports.ts'
import { reportArn } from './evidence-report.ts'
import { gather } from './gather.ts'
import { changeReport, openReports } from './store.ts'
import type { ReportTable } from './tables.ts'

const AT_ONCE = 10

export const makeReports = task({
  name: 'evidence.make-reports',
  everyMs: 60_000,
  async run(context) {
    const done = { made: 0, failed: 0 }
    const open = await context.read((reader) => openReports(reader, 'made', AT_ONCE))
    for (const report of open) {
      try {
        await make(report, context)
        done.made++
      } catch (error) {
        if (context.signal.aborted) break
        await fail(report, error, context)
        done.failed++
      }
    }
    if (open.length === AT_ONCE) context.wake(makeReports)
    return done
  },
})

async function make(report: ReportTable, context: TaskContext): Promise<void> {
  const { read, write } = context
  await write((tx) => dropContent(tx, report.id))
  await context.audit.flush()
  const audit = await read(readHead)
  const writer = new ContentWriter(write, report.id)
  await writer.add(headerLine())
  const rows = gather(context, report, audit)
  let next = await rows.next()
  for (; !next.done; next = await rows.next()) await writer.add(lineOf(next.value))
  const written = await writer.end()
  const change: Partial<ReportTable> = {
    status: 'Complete',
    completed_at: context.now().toISOString(),
    figures: JSON.stringify(next.value),
    audit_records: audit.records,
    audit_hash: audit.hash,
    ...written,
    ...(report.destination !== null && { delivery: 'Pending' }),
  }
  await write(async (tx) => {
    // It may have been deleted meanwhile.
    if (!(await changeReport(tx, report, change, { status: 'Pending' }))) return dropContent(tx, report.id)
    const { nodes } = next.value
    await emitEvent(tx, report, context.now(), context.ids, {
      source: 'steward',
      detailType: 'Evidence Report State Change',
      resources: [reportArn(report, report.id)],
      detail: {
        'report-id': report.id,
        name: report.name,
        status: 'Complete',
        ...(report.schedule_name !== null && { schedule: report.schedule_name, 'due-at': report.due_at }),
        'requested-by': report.requested_by,
        digest: written.digest,
        nodes: nodes.Total,
        'non-compliant': nodes.NonCompliant,
        'never-reported': nodes.NeverReported,
      },
    })
  })
  context.wake(deliverEvents)
  context.wake(deliverReports)
}

async function fail(report: ReportTable, error: unknown, { write, log, now, ids, wake }: TaskContext): Promise<void> {
  const isExpected = error instanceof ContentTooLarge
  if (!isExpected) log.error({ err: error, report: report.id }, 'an evidence report could not be made')
  const message = isExpected
    ? `It would have more than ${MOST_BYTES / 1024 ** 2} MiB. Ask for fewer nodes or types.`
    : 'The server failed; its log says why.'
  await write(async (tx) => {
    await dropContent(tx, report.id)
    const change = { status: 'Failed' as const, message, completed_at: now().toISOString() }
    if (!(await changeReport(tx, report, change, { status: 'Pending' }))) return
    await emitEvent(tx, report, now(), ids, {
      source: 'steward',
      detailType: 'Evidence Report State Change',
      resources: [reportArn(report, report.id)],
      detail: { 'report-id': report.id, name: report.name, status: 'Failed', message },
    })
  })
  wake(deliverEvents)
}
