/** Asking another server for secrets. Its operator chose the address, so it may be any. */
import { readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'
import { ApiError } from '#kernel/api-error.ts'
import { DeliveryFailed } from '#kernel/delivery-failed.ts'
import { EVERYWHERE, type OutboundRequest, openOutbound } from '#kernel/outbound.ts'

const TIMEOUT_MS = 5_000
/** More than a secret and what belongs to it has. */
const BYTES = 1_048_576
const AT_A_TIME = 32

export interface SecretServer {
  /** Throws `ServiceUnavailable` if no answer came. */
  ask(request: OutboundRequest): Promise<SecretServerAnswer>
  close(): void
}

export interface SecretServerAnswer {
  readonly status: number
  /** What its body says in JSON; an empty object if it is none. */
  readonly body: Readonly<Record<string, unknown>>
}

export function openSecretServer(caFile: string | undefined): SecretServer {
  const ca = caFile && [...rootCertificates, authorityIn(caFile)].join('\n')
  const limits = { timeoutMs: TIMEOUT_MS, bodyLimit: BYTES, maxSockets: AT_A_TIME }
  const outbound = openOutbound(EVERYWHERE, { ...limits, ca })
  const never = new AbortController().signal
  return {
    async ask(request) {
      try {
        const { status, body } = await outbound
          .send(request, never)
          .catch((error) => (isReset(error) ? outbound.send(request, never) : Promise.reject(error)))
        return { status, body: parsed(body) }
      } catch (error) {
        if (!(error instanceof DeliveryFailed)) throw error
        throw new ApiError('ServiceUnavailable', `The store of secrets does not answer: ${error.message}`, {
          cause: error,
        })
      }
    },
    close: () => outbound.close(),
  }
}

/** A connection that was kept open, and that the other side gave up just then. */
function isReset(error: Error): boolean {
  return (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ECONNRESET'
}

function authorityIn(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Error(`STEWARD_SECRETS_URL: the certificate of its option ca, ${file}, cannot be read.`, { cause })
  }
}

function parsed(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** The store knows this server, but not as one that may have this. */
export function refusedByStore(host: string, why: string): ApiError {
  return new ApiError('AccessDeniedException', `The store of secrets at ${host} refuses it to this server: ${why}`)
}

/** Another attempt later may do. */
export function storeFailed(host: string, why: string): ApiError {
  return new ApiError('ServiceUnavailable', `The store of secrets at ${host} cannot give it: ${why}`)
}
