/** The files of a complete report. Throws `EvidenceReportDamaged` where its content is not what its digest says. */
import { createHash } from 'node:crypto'
import type { Database } from '#db/database.ts'
import { readPart, readText } from './content-store.ts'
import { damaged } from './errors.ts'
import { toSignOff } from './evidence-report.ts'
import { renderPdf } from './pdf/render-pdf.ts'
import { signOffsOf } from './store.ts'
import type { ReportTable } from './tables.ts'

export async function csvOf(read: Database['read'], { id, parts, digest }: ReportTable): Promise<Buffer> {
  const pieces: Buffer[] = []
  for (let part = 0; part < parts!; part++) pieces.push((await readText(read, id, part)) ?? Buffer.alloc(0))
  const bytes = Buffer.concat(pieces)
  if (createHash('sha256').update(bytes).digest('hex') !== digest) throw damaged(id)
  return bytes
}

/** With the sign-offs that there are now. The same report with the same sign-offs is the same file. */
export async function pdfOf(read: Database['read'], report: ReportTable): Promise<Buffer> {
  const { id, parts, digest, completed_at } = report
  const content: Uint8Array[] = []
  for (let part = 0; part < parts!; part++) {
    const data = await read((reader) => readPart(reader, id, part))
    if (data) content.push(data)
  }
  const signOffs = (await read((reader) => signOffsOf(reader, id))).map(toSignOff)
  const pdf = await renderPdf({ content, digest: digest!, completedAt: completed_at!, signOffs })
  if (!pdf) throw damaged(id)
  return pdf
}
