/** Files behind links that an operation handed out. Nobody signs these requests: who has the link may, until it ends. */
import type { Database } from '#db/database.ts'
import type { Clock } from '#kernel/clock.ts'
import { DOWNLOAD_PATH, type Download } from '#kernel/declare.ts'
import type { Vault } from '#kernel/vault.ts'
import type { HttpResponse } from './http-message.ts'
import type { Route } from './listener.ts'

interface DownloadParts {
  readonly database: Pick<Database, 'read'>
  readonly vault: Vault
  readonly clock: Clock
}

export function downloadRoute(download: Download | undefined, { database, vault, clock }: DownloadParts): Route {
  return ({ method, path }) => {
    if (!download || (method !== 'GET' && method !== 'HEAD') || !path.startsWith(DOWNLOAD_PATH)) return undefined
    const token = path.slice(DOWNLOAD_PATH.length)
    return database.read(async (db) => answer(await download(db, { token, vault, now: clock.now() })))
  }
}

function answer(found: Awaited<ReturnType<Download>>): HttpResponse {
  if (!found) {
    const headers = { 'content-type': 'text/plain; charset=utf-8' }
    return { status: 403, headers, body: 'This link is not good, or not any more.\n' }
  }
  return {
    status: 200,
    headers: {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="${found.name}"`,
      'content-length': String(found.bytes.length),
      'cache-control': 'no-store',
      // The console has the same origin as this, which anybody may have written.
      'content-security-policy': 'sandbox',
      'x-content-type-options': 'nosniff',
    },
    body: found.bytes,
  }
}
