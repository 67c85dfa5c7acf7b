/**
 * Something that is done with each of many things. It goes on while one looks at other pages of this tab; its progress stands above
 * them, where it can be stopped. What was done before that stays done.
 */
import Button from '@cloudscape-design/components/button'
import { useQueryClient } from '@tanstack/react-query'
import type { Kind } from '#api/queries.ts'
import { createStore, type Store, useStore } from '#api/store.ts'
import { Failed } from '#components/failed.tsx'
import { common } from '#texts/common.ts'
import { notify } from './notifications.tsx'

const AT_ONCE = 4

export interface BulkWork<T> {
  readonly items: readonly T[]
  readonly act: (item: T) => Promise<unknown>
  /** What is being done, as «Deregistering nodes». */
  readonly title: string
  /** What to say of those with which it was done. */
  readonly done: (count: number) => string
}

/** Returns how to begin some work, after which what it changed of the kind is read again. */
export function useBulkWork(kind: Kind) {
  const client = useQueryClient()
  return <T,>(work: BulkWork<T>): void => {
    void doAll(work).then(() => client.invalidateQueries({ queryKey: [kind] }))
  }
}

interface Progress {
  readonly done: number
  readonly failed: number
}

async function doAll<T>({ items, act, title, done }: BulkWork<T>): Promise<void> {
  const progress = createStore<Progress>({ done: 0, failed: 0 })
  const stop = new AbortController()
  const dismiss = notify({
    type: 'in-progress',
    header: title,
    content: <Counts progress={progress} of={items.length} />,
    action: <Button onClick={() => stop.abort()}>{common.bulk.stop}</Button>,
  })
  const waiting = items.values()
  let firstError: unknown
  addEventListener('beforeunload', ask)
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (const item of waiting) {
      if (stop.signal.aborted) return
      const error = await act(item).then(
        () => undefined,
        (fault: unknown) => fault ?? new Error(),
      )
      firstError ??= error
      const { done, failed } = progress.get()
      progress.set(error === undefined ? { done: done + 1, failed } : { done, failed: failed + 1 })
    }
  })
  await Promise.all(workers)
  removeEventListener('beforeunload', ask)
  dismiss()
  report(progress.get(), items.length, firstError, done)
}

function Counts({ progress, of }: { progress: Store<Progress>; of: number }) {
  const { done, failed } = useStore(progress)
  return <span className="st-number">{common.bulk.progress(done, failed, of)}</span>
}

function report({ done, failed }: Progress, all: number, error: unknown, words: (count: number) => string): void {
  if (done > 0) notify({ type: done === all ? 'success' : 'info', header: words(done) })
  if (failed > 0) notify({ type: 'error', header: common.bulk.failed(failed, all), content: <Failed error={error} /> })
  const left = all - done - failed
  if (left > 0) notify({ type: 'info', header: common.bulk.stopped(left, all) })
}

/** Has the browser ask before the tab, and with it the work, is closed. */
function ask(event: BeforeUnloadEvent): void {
  event.preventDefault()
}
