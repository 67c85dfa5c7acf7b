/**
 * Draws reports as PDF, each in a thread of its own: what that loads, and the memory that it takes, are gone with it. One at a time, for the
 * same reason.
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { EvidenceSignOff } from '@steward/model/generated/steward.ts'

export interface PdfAsked {
  /** The parts of the content, compressed. */
  readonly content: readonly Uint8Array[]
  /** That the content must have. */
  readonly digest: string
  readonly completedAt: string
  readonly signOffs: readonly EvidenceSignOff[]
}

const MOST_MEMORY_MB = 512

let turn: Promise<unknown> = Promise.resolve()

/** Undefined if the content has another digest. */
export function renderPdf(asked: PdfAsked): Promise<Buffer | undefined> {
  const drawn = turn.then(() => draw(asked))
  turn = drawn.catch(() => {})
  return drawn
}

async function draw(asked: PdfAsked): Promise<Buffer | undefined> {
  const worker = new Worker(new URL('./pdf-worker.ts', import.meta.url), {
    workerData: asked,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
  })
  // Rejects when the thread fails.
  const [pdf] = (await once(worker, 'message')) as [Uint8Array | undefined]
  await worker.terminate()
  return pdf && Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength)
}
