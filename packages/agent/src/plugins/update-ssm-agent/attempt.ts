import { readFile } from 'node:fs/promises'
import { replaceFile } from '#durable-file.ts'

/** One try to replace the agent by another version. */
export type Attempt = {
  id: string
  from: string
  to: string
  /** Why the new version did not do; absent while it is tried, and for good when the agent was stopped meanwhile. */
  why?: string
}

/** The last attempt that was made; undefined when there was none. */
export async function readAttempt(path: string): Promise<Attempt | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as Attempt)
}

export function writeAttempt(path: string, attempt: Attempt): Promise<void> {
  return replaceFile(path, `${JSON.stringify(attempt)}\n`)
}
