/** Copies that go on, or are over, for as long as this page of the browser lives: also while other pages of the console are shown. */

import { failureOf } from '#api/failure.ts'
import { onSignInChange, signedIn } from '#api/sign-in.ts'
import { createStore } from '#api/store.ts'
import { saveFile } from '#components/save-file.ts'
import { fileTexts as texts } from '#texts/files.ts'
import { downloadFile, fileNameOf, uploadFile } from './copy.ts'

export interface Transfer {
  readonly id: number
  readonly nodeId: string
  readonly label: string
  readonly state: 'waiting' | 'going' | 'done' | 'failed' | 'stopped'
  readonly done: number
  readonly size: number
  readonly error?: unknown
  /** As `steward cp` would do it. */
  readonly locations: readonly [from: string, to: string]
}

export const transfers = createStore<readonly Transfer[]>([])

type Work = (copying: {
  nodeId: string
  signal: AbortSignal
  progress: (done: number, size: number) => void
}) => Promise<void>

const EVERY_MS = 100

const works = new Map<number, { readonly work: Work; stop: AbortController }>()
let count = 0

export function upload(nodeId: string, nodeName: string, file: File, to: string): void {
  add(nodeId, texts.up(file.name, to), [file.name, `${nodeName}:${to}`], file.size, (copying) =>
    uploadFile(file, to, copying),
  )
}

export function download(nodeId: string, nodeName: string, from: string): void {
  add(nodeId, texts.down(from), [`${nodeName}:${from}`, '.'], 0, async (copying) => {
    saveFile(fileNameOf(from), await downloadFile(from, copying), 'application/octet-stream')
  })
}

export function stopTransfer(id: number): void {
  works.get(id)?.stop.abort(new DOMException(texts.stopped, 'AbortError'))
  change(id, { state: 'stopped' })
}

export function tryAgain(id: number): void {
  const entry = works.get(id)
  if (!entry) return
  entry.stop = new AbortController()
  change(id, { state: 'waiting', error: undefined })
  void next()
}

export function forget(id: number): void {
  works.delete(id)
  transfers.set(transfers.get().filter((one) => one.id !== id))
}

function add(nodeId: string, label: string, locations: Transfer['locations'], size: number, work: Work): void {
  count += 1
  works.set(count, { work, stop: new AbortController() })
  transfers.set([...transfers.get(), { id: count, nodeId, label, locations, state: 'waiting', done: 0, size }])
  void next()
}

/** One after another: they share a line. */
async function next(): Promise<void> {
  const all = transfers.get()
  const waiting = all.find(({ state }) => state === 'waiting')
  if (!waiting || all.some(({ state }) => state === 'going')) return
  const { id, nodeId } = waiting
  const { work, stop } = works.get(id)!
  change(id, { state: 'going' })
  try {
    await work({ nodeId, signal: stop.signal, progress: progressOf(id) })
    change(id, { state: 'done' })
  } catch (error) {
    if (!stop.signal.aborted) change(id, { state: 'failed', error: failureOf(error) })
  }
  void next()
}

/** Not more often than anybody could see. */
function progressOf(id: number): (done: number, size: number) => void {
  let last = 0
  return (done, size) => {
    if (performance.now() - last < EVERY_MS && done < size) return
    last = performance.now()
    change(id, { done, size })
  }
}

function change(id: number, to: Partial<Transfer>): void {
  transfers.set(transfers.get().map((one) => (one.id === id ? { ...one, ...to } : one)))
}

onSignInChange(() => {
  if (signedIn()) return
  for (const { stop } of works.values()) stop.abort()
  works.clear()
  transfers.set([])
})
