/**
 * Something that is done with each of many things. It goes on while one looks at other pages of this tab; its progress stands above
 * them, where it can be stopped. What was done before that stays done. If the tab or the sign-in ends first, the work is offered again to
 * the same person in this browser, and the server says what is left of it.
 */
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { isSignedOut } from '#api/failure.ts'
import type { Kind } from '#api/queries.ts'
import { signedIn } from '#api/sign-in.ts'
import { createStore, type Store, useStore } from '#api/store.ts'
import { Failed } from '#components/failed.tsx'
import { Time } from '#components/time.tsx'
import { common } from '#texts/common.ts'
import { areas } from './areas.ts'
import { notify } from './notifications.tsx'

const AT_ONCE = 4

/** What can be done with each of many things; an area lists its own under their names. */
export interface BulkAct<Input = unknown> {
  /** What it changes, which is read again afterwards. */
  readonly kind: Kind
  /** What is being done, as «Deregistering nodes». */
  readonly title: string
  /** What to say of those with which it was done. */
  readonly done: (count: number) => string
  act(item: string, input: Input): Promise<unknown>
  /** Those of the items with which it is not done yet, as the server knows. */
  left(items: readonly string[], input: Input): Promise<readonly string[]>
}

export interface BulkWork {
  /** The name of a {@link BulkAct}. */
  readonly act: string
  readonly items: readonly string[]
  readonly input?: unknown
}

/** Work as it is kept in this browser until it is done. There is nothing secret in it. */
interface KeptWork extends BulkWork {
  readonly of: string
  readonly begunAt: string
}

const KEPT = 'steward.work.'

/** Returns how to begin some work. */
export function useBulkWork() {
  const client = useQueryClient()
  return (work: BulkWork): void => {
    const begunAt = new Date().toISOString()
    const key = KEPT + begunAt
    const kept = { ...work, of: signedIn()?.principal.arn ?? '', begunAt }
    const begin = async () => doAll(key, kept, await actNamed(work.act), client)
    // Without TLS a browser cannot say whether the tab that does it is still there.
    if (!isSecureContext) return void begin()
    localStorage.setItem(key, JSON.stringify(kept))
    void navigator.locks.request(key, begin)
  }
}

/** Offers to go on with what was broken off, unless another tab is doing it. */
export function offerLeftWork(client: QueryClient): void {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(KEPT))) {
    const work = JSON.parse(localStorage.getItem(key) ?? '{}') as KeptWork
    if (work.of === signedIn()?.principal.arn) void whenFree(key, () => offer(key, work, client))
  }
}

/** Does what only the tab may do that does the work: its lock ends with it. */
function whenFree(key: string, then: () => Promise<void>): Promise<void> {
  return navigator.locks.request(key, { ifAvailable: true }, async (lock) => {
    if (lock && localStorage.getItem(key)) await then()
  })
}

async function offer(key: string, work: KeptWork, client: QueryClient): Promise<void> {
  const act = await actNamed(work.act)
  const choose = (then: () => void) => () => {
    dismiss()
    then()
  }
  const dismiss = notify({
    type: 'warning',
    header: common.bulk.brokenOff(act.title),
    content: (
      <>
        {common.bulk.begun} <Time at={new Date(work.begunAt)} />
        {common.bulk.brokenOffBody(work.items.length)}
      </>
    ),
    action: (
      <SpaceBetween direction="horizontal" size="xs">
        <Button onClick={choose(() => void whenFree(key, () => goOn(key, work, act, client)))}>
          {common.bulk.goOn}
        </Button>
        <Button onClick={choose(() => localStorage.removeItem(key))}>{common.bulk.forget}</Button>
      </SpaceBetween>
    ),
  })
}

async function goOn(key: string, work: KeptWork, act: BulkAct, client: QueryClient): Promise<void> {
  try {
    await doAll(key, { ...work, items: await act.left(work.items, work.input) }, act, client)
  } catch (error) {
    notify({ type: 'error', header: act.title, content: <Failed error={error} /> })
  }
}

interface Progress {
  readonly done: number
  readonly failed: number
}

async function doAll(key: string, { items, input, of }: KeptWork, act: BulkAct, client: QueryClient): Promise<void> {
  const progress = createStore<Progress>({ done: 0, failed: 0 })
  const stop = new AbortController()
  const dismiss = notify({
    type: 'in-progress',
    header: act.title,
    content: <Counts progress={progress} of={items.length} />,
    action: <Button onClick={() => stop.abort()}>{common.bulk.stop}</Button>,
  })
  const waiting = items.values()
  let firstError: unknown
  let isOver = false
  addEventListener('beforeunload', ask)
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (const item of waiting) {
      // Nobody goes on with what somebody else began.
      isOver ||= signedIn()?.principal.arn !== of
      if (isOver || stop.signal.aborted) return
      const error = await act.act(item, input).then(
        () => undefined,
        (fault: unknown) => fault ?? new Error(),
      )
      isOver ||= isSignedOut(error)
      if (isOver) return
      firstError ??= error
      const { done, failed } = progress.get()
      progress.set(error === undefined ? { done: done + 1, failed } : { done, failed: failed + 1 })
    }
  })
  await Promise.all(workers)
  removeEventListener('beforeunload', ask)
  dismiss()
  if (isOver) return
  localStorage.removeItem(key)
  report(progress.get(), items.length, firstError, act)
  await client.invalidateQueries({ queryKey: [act.kind] })
}

function Counts({ progress, of }: { progress: Store<Progress>; of: number }) {
  const { done, failed } = useStore(progress)
  return <span className="st-number">{common.bulk.progress(done, failed, of)}</span>
}

function report({ done, failed }: Progress, all: number, error: unknown, act: BulkAct): void {
  if (done > 0 || all === 0) notify({ type: done === all ? 'success' : 'info', header: act.done(done) })
  if (failed > 0) notify({ type: 'error', header: common.bulk.failed(failed, all), content: <Failed error={error} /> })
  const left = all - done - failed
  if (left > 0) notify({ type: 'info', header: common.bulk.stopped(left, all) })
}

async function actNamed(name: string): Promise<BulkAct> {
  const load = areas.map(({ bulkActs }) => bulkActs?.[name]).find((one) => one)
  if (!load) throw new Error(`Nothing is called ${name}.`)
  return load()
}

/** Has the browser ask before the tab, and with it the work, is closed. */
function ask(event: BeforeUnloadEvent): void {
  event.preventDefault()
}
