import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from '#api.ts'
import { ApiFault, type Fault, ServerAway } from '#fault.ts'

/** The calls of an Api. */
export type Calls = Pick<Api, 'ssm' | 'steward'>

const AWAY_MS = 60_000
const PAUSE_MS = 500

/**
 * Calls that are made again for up to a minute while the server is away or overloaded, as in a restart. Only for operations that
 * change nothing. `away` is told at the beginning of each absence.
 */
export function patient(api: Calls, away: (fault: Fault) => void): Calls {
  return {
    ssm: (operation, input, signal) => again(() => api.ssm(operation, input, signal), away, signal),
    steward: (operation, input, signal) => again(() => api.steward(operation, input, signal), away, signal),
  }
}

async function again<T>(call: () => Promise<T>, away: (fault: Fault) => void, signal?: AbortSignal): Promise<T> {
  const began = performance.now()
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      if (!passes(error) || performance.now() - began > AWAY_MS) throw error
      if (attempt === 1) away(error)
      await sleep(PAUSE_MS, undefined, { signal })
    }
  }
}

function passes(error: unknown): error is Fault {
  if (error instanceof ServerAway) return true
  const codes = ['ThrottlingException', 'InternalServerError', 'ServiceUnavailable']
  return error instanceof ApiFault && (codes.includes(error.code) || error.status === 503)
}
