/** The process that draws one report. */
import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { drawReport } from './draw-report.ts'
import type { PdfAsked, PdfDrawn } from './render-pdf.ts'
import { ReportView } from './report-view.ts'

process.once('message', async (asked) => {
  process.send?.(await draw(asked as PdfAsked), () => process.disconnect?.())
})

async function draw({ content, digest, ...more }: PdfAsked): Promise<PdfDrawn> {
  const hash = createHash('sha256')
  const view = new ReportView()
  for (const part of content) {
    const bytes = unpacked(part)
    hash.update(bytes)
    view.take(bytes.toString())
  }
  return hash.digest('hex') === digest ? { pdf: await drawReport(view, { digest, ...more }) } : {}
}

/** Nothing of what was tampered with. */
function unpacked(part: Uint8Array): Buffer {
  try {
    return gunzipSync(part)
  } catch {
    return Buffer.alloc(0)
  }
}
