/**
 * The shells of this tab of the browser. Which they are is kept in the tab's own storage, with what it takes to go on after the page was
 * loaded again: no token, and nothing of what was typed or shown. Whoever signs out leaves them.
 */
import type { InputPosition } from '@steward/session-client'
import { isAway } from '#api/failure.ts'
import { onSignInChange, signedIn } from '#api/sign-in.ts'
import { steward } from '#api/steward.ts'
import { createStore } from '#api/store.ts'
import { resumeSession, type SessionRequest, startSession } from './grant.ts'
import { nodeName } from './node-name.ts'
import { redraw } from './redraw.ts'
import { Shell, type ShellIdentity } from './shell.ts'

const STORED = 'steward.shells'
const AGAIN_MS = 2_000

interface Stored {
  readonly owner: string
  readonly shells: readonly (ShellIdentity & { readonly position: InputPosition })[]
}

/** In the order of their tabs. */
export const shells = createStore<readonly Shell[]>([])
/** Shells of this page before it was loaded again, on their way back. */
export const returning = createStore(false)

/** Starts a session and opens its tab. Rejects with what the server refused. */
export async function openShell(request: SessionRequest & { readonly nodeName?: string | undefined }): Promise<Shell> {
  const { nodeId, documentName, reason } = request
  const [{ sessionId, ...grant }, nodeName] = await Promise.all([
    startSession(request),
    request.nodeName ?? nameOf(nodeId),
  ])
  const shell = new Shell({ sessionId, nodeId, nodeName, documentName, reason }, grant, keep)
  add(shell)
  shell.start()
  return shell
}

async function nameOf(nodeId: string): Promise<string> {
  const found = await steward('SearchNodes', { Query: nodeId, MaxResults: 1 }).catch(() => undefined)
  const node = found?.Nodes.find(({ InstanceId }) => InstanceId === nodeId)
  return node ? nodeName(node) : nodeId
}

/** Closes a tab. Its session is left, not ended. */
export function closeShell(shell: Shell): void {
  shell.dispose()
  shells.set(shells.get().filter((one) => one !== shell))
  keep()
}

/** Opens again what was open before the page was loaded. Does nothing a second time. */
export async function returnToShells(): Promise<void> {
  const stored = storedShells()
  if (shells.get().length > 0 || returning.get() || stored.length === 0) return
  returning.set(true)
  const back = await Promise.all(stored.map(goBack))
  returning.set(false)
  for (const shell of back) if (shell) add(shell)
  keep()
}

/** Undefined if the session is over, or the person may not go on with it. */
async function goBack({ position, ...identity }: Stored['shells'][number]): Promise<Shell | undefined> {
  const grant = await untilAnswered(() => resumeSession(identity.sessionId))
  if (!grant) return undefined
  const shell = new Shell(identity, grant, keep, position)
  await redraw(shell)
  shell.start()
  return shell
}

async function untilAnswered<T>(ask: () => Promise<T>): Promise<T | undefined> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!isAway(error)) return undefined
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
  }
}

function add(shell: Shell): void {
  shells.set([...shells.get(), shell])
  keep()
  shell.state.subscribe(keep)
}

/** The key of an encrypted session is in this page only, so nobody can go on with it later. */
function keep(): void {
  const owner = signedIn()?.principal.arn
  if (!owner || returning.get()) return
  const kept = shells.get().filter((shell) => !shell.isOver && !shell.state.get().encrypted)
  const stored: Stored = { owner, shells: kept.map(({ identity, position }) => ({ ...identity, position })) }
  if (kept.length > 0) sessionStorage.setItem(STORED, JSON.stringify(stored))
  else sessionStorage.removeItem(STORED)
}

function storedShells(): Stored['shells'] {
  const text = sessionStorage.getItem(STORED)
  const stored = text ? (JSON.parse(text) as Stored) : undefined
  return stored && stored.owner === signedIn()?.principal.arn ? stored.shells : []
}

/** A tab that is closed by mistake, as Ctrl+W does in a shell, is asked about. */
function beforeUnload(event: BeforeUnloadEvent): void {
  keep()
  if (shells.get().some((shell) => !shell.isOver)) event.preventDefault()
}

addEventListener('beforeunload', beforeUnload)
addEventListener('pagehide', keep)
onSignInChange(() => {
  if (signedIn()) return
  for (const shell of shells.get()) shell.dispose()
  shells.set([])
})
