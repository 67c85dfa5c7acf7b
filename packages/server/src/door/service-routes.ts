/** What a monitoring system asks: is it alive, is it ready, how is it doing. Open to everybody who reaches the listener. */
import type { Registry } from 'prom-client'
import type { Database } from '#db/database.ts'
import { DatabaseDamaged } from '#db/unavailable.ts'
import type { Logger } from '#kernel/logger.ts'
import type { HttpResponse } from './http-message.ts'
import type { Route } from './listener.ts'

const READY_MS = 3_000

export function healthRoutes(database: Database, metrics: Registry, log: Logger, readyMs = READY_MS): Route {
  return (request) => {
    // A monitor that only wants the status asks with HEAD, whose answer Node sends without the body.
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined
    switch (request.path) {
      case '/healthz':
        return text(200, 'ok\n')
      case '/readyz':
        return ready(database, log, readyMs)
      case '/metrics':
        return metrics
          .metrics()
          .then((body) => ({ status: 200, headers: { 'content-type': metrics.contentType }, body }))
      default:
        return undefined
    }
  }
}

async function ready(database: Database, log: Logger, readyMs: number): Promise<HttpResponse> {
  try {
    await within(readyMs, database.check())
    return text(200, 'ready\n')
  } catch (error) {
    const why =
      error instanceof DatabaseDamaged
        ? `${error.message}; restore it from a backup`
        : 'the database cannot be written; the server log says why'
    log.error({ err: error }, `not ready: ${why}`)
    return text(503, `not ready: ${why}\n`)
  }
}

/** A database that is silent is not ready, and whoever asks does not wait for long. */
function within(milliseconds: number, check: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`No answer within ${milliseconds} ms.`)), milliseconds)
  return Promise.race([check, late.promise]).finally(() => clearTimeout(timer))
}

function text(status: number, body: string): HttpResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body }
}
