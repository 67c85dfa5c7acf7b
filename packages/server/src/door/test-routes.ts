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
  const to = wishedTime(request, clock.now())
  if (!to) return json(400, { message: 'Send {"now": "2026-01-31T00:00:00Z"} or {"advanceSeconds": 60}.' })
  clock.set(to)
  return json(200, { now: clock.now().toISOString() })
}

function wishedTime(request: HttpRequest, now: Date): Date | undefined {
  const wish = parsed(request)
  const time =
    typeof wish.now === 'string'
      ? Date.parse(wish.now)
      : typeof wish.advanceSeconds === 'number'
        ? now.getTime() + wish.advanceSeconds * 1000
        : Number.NaN
  return EARLIEST < time && time < LATEST ? new Date(time) : undefined
}

/** Years of four digits: times are stored and compared as text. */
const [EARLIEST, LATEST] = [Date.parse('1971-01-01T00:00:00Z'), Date.parse('9999-01-01T00:00:00Z')]

function parsed(request: HttpRequest): { now?: unknown; advanceSeconds?: unknown } {
  try {
    return jsonBody(request) ?? {}
  } catch {
    return {}
  }
}

function json(status: number, body: object): HttpResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(body)}\n` }
}
