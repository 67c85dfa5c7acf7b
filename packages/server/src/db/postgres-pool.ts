/**
 * A pool whose connections say `ServiceUnavailable` when the database as a whole is in trouble, and are given up when they do:
 * what is left of one on which a query failed to come back nobody knows.
 */
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { ApiError } from '#kernel/api-error.ts'
import { unavailable } from './unavailable.ts'

/**
 * Connection lost, turned away or without its database; out of disk, memory or connections; shut down, starting up, or stopped by one of
 * the time limits that an administrator may set; errors of the disk; read-only.
 */
const TROUBLE = /^(08|28|3D|53|57|58)|^(25006|25P03|55P03)$/

/** An invalid byte sequence: of JavaScript's texts only one with NUL has any. */
const NUL_IN_TEXT = '22021'

export function translatingPool(pool: pg.Pool): PostgresPool {
  const clients = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect().catch(rethrow)
      const known = clients.get(client) ?? new TranslatingClient(client)
      clients.set(client, known)
      return known
    },
  }
}

class TranslatingClient {
  readonly #client: pg.PoolClient
  #broken = false

  constructor(client: pg.PoolClient) {
    this.#client = client
    // The pool listens only while it has the client; a connection that breaks while it is lent would end the process.
    client.on('error', () => {
      this.#broken = true
    })
  }

  // Kysely's other way to call it is for cursors, which need a library that is not here.
  query = ((text: string, parameters: unknown[]) =>
    this.#client.query(text, parameters).catch((error) => {
      this.#broken ||= isTrouble(error)
      rethrow(error)
    })) as unknown as PostgresPoolClient['query']

  release(): void {
    this.#client.release(this.#broken)
  }
}

function rethrow(error: unknown): never {
  if (isTrouble(error)) throw unavailable(error)
  if (error instanceof pg.DatabaseError && error.code === NUL_IN_TEXT) throw nulInText(error)
  throw error
}

/** PostgreSQL is the only one of the two that cannot keep it. No API of AWS has a use for it. */
function nulInText(cause: unknown): ApiError {
  return new ApiError(
    'ValidationException',
    'The request has a text with the character NUL (U+0000), which cannot be kept.',
    {
      cause,
    },
  )
}

/** Whatever is not an answer of the server is a connection that broke or never was. */
function isTrouble(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) || TROUBLE.test(error.code ?? '')
}
