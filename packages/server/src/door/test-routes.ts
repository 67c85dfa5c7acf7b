/** Test mode only: empty the server, move its clock. Makes Steward a double that other people's tests can start from scratch. */
import type { MovableClock } from '#kernel/clock.ts'
import { type HttpRequest, type HttpResponse, jsonBody } from './http-message.ts'
import type { Route } from './listener.ts'

export function testRoutes(reset: () => Promise<void>, clock: MovableClock): Route {
  return (request) => {
    if (request.method !== 'POST') return undefined
    if (request.path === '/test/reset') return reset().then(() => json(200, {}))
    if (request.path === '/test/clock') return Promise.resolve(moveClock(request, clock))
    return undefined
  }
}

/** Takes `{"now": "<ISO date>"}` or `{"advanceSeconds": n}`; answers the new time. */
function moveClock(request: HttpRequest, clock: MovableClock): HttpResponse {
  let wish: unknown
  try {
    wish = jsonBody(request)
  } catch {
    wish = undefined
  }
  const { now, advanceSeconds } = (wish ?? {}) as { now?: unknown; advanceSeconds?: unknown }
  if (typeof now === 'string' && !Number.isNaN(Date.parse(now))) clock.set(new Date(now))
  else if (typeof advanceSeconds === 'number' && Number.isFinite(advanceSeconds)) clock.advance(advanceSeconds * 1000)
  else return json(400, { message: 'Send {"now": "2026-01-31T00:00:00Z"} or {"advanceSeconds": 60}.' })
  return json(200, { now: clock.now().toISOString() })
}

function json(status: number, body: object): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(body)}\n` }
}
