/**
 * Draws reports as PDF, each in a process of its own: what that loads, and the memory that it takes, are gone with it, which those of a thread
 * are not. One at a time, for the same reason.
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { EvidenceSignOff } from '@steward/model/generated/steward.ts'

export interface PdfAsked {
  /** The parts of the content, compressed. */
  readonly content: readonly Uint8Array[]
  /** That the content must have. */
  readonly digest: string
  readonly completedAt: string
  readonly signOffs: readonly EvidenceSignOff[]
}

/** Without a PDF if the content has another digest. */
export interface PdfDrawn {
  readonly pdf?: Uint8Array
}

const MOST_MEMORY_MB = 512
const PROCESS = fileURLToPath(new URL('./pdf-process.ts', import.meta.url))

let turn: Promise<unknown> = Promise.resolve()

/** Undefined if the content has another digest. */
export function renderPdf(asked: PdfAsked): Promise<Buffer | undefined> {
  const drawn = turn.then(() => draw(asked))
  turn = drawn.catch(() => {})
  return drawn
}

function draw(asked: PdfAsked): Promise<Buffer | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | undefined>()
  const drawing = fork(PROCESS, {
    serialization: 'advanced',
    // It needs nothing of what the server is told by its environment.
    env: {},
    execArgv: [`--max-old-space-size=${MOST_MEMORY_MB}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  drawing.once('message', (drawn) => {
    const { pdf } = drawn as PdfDrawn
    resolve(pdf && Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength))
  })
  drawing.once('error', reject)
  drawing.once('exit', (code, signal) =>
    reject(new Error(`A PDF was not drawn: its process ended with ${signal ?? code}.`)),
  )
  drawing.send(asked, (error) => error && reject(error))
  return promise
}
