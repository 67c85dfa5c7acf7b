/**
 * A pool whose connections say `ServiceUnavailable` when the database as a whole is in trouble, and are given up when they do:
 * what is left of one on which a query failed to come back nobody knows.
 */
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { unavailable } from './unavailable.ts'

/** Connection lost, out of disk, memory or connections, shut down, starting up, read-only. */
const TROUBLE = /^(08|53|57P)|^25006$/

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
  throw isTrouble(error) ? unavailable(error) : error
}

/** Whatever is not an answer of the server is a connection that broke or never was. */
function isTrouble(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) || TROUBLE.test(error.code ?? '')
}
