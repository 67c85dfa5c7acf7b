/**
 * The code of a page comes from the server when somebody first goes there, and the server may be away just then. Once it answers again
 * the whole address is read anew: what it is made of may have changed meanwhile, and styles that failed are not asked for twice.
 */
import type { ComponentType } from 'react'
import type { Page, Params } from './area.ts'

const PAUSE_MS = 1_000
/** Read anew within so long, it is not the server that is missing. */
const AGAIN_MS = 20_000
const READ_ANEW = 'steward.read-anew'

/** Resolves with the page, whenever that is. Rejects if it cannot be had though the server is there. */
export async function pageCode({ load }: Page): Promise<ComponentType<{ params: Params }>> {
  try {
    return await load()
  } catch (error) {
    while (!(await serverAnswers())) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    if (Date.now() - Number(sessionStorage.getItem(READ_ANEW)) < AGAIN_MS) throw error
    sessionStorage.setItem(READ_ANEW, String(Date.now()))
    location.reload()
    return new Promise(() => {})
  }
}

async function serverAnswers(): Promise<boolean> {
  try {
    return (await fetch('/console/', { method: 'HEAD', cache: 'no-store' })).ok
  } catch {
    return false
  }
}
