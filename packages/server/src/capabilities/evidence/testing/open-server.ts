import { emptyDatabase, startServer, type TestServer } from '@steward/testkit'
import type { Database } from '#db/database.ts'
import { openDatabase } from '#db/open.ts'

/** A server whose database a test reaches, too: for what only a crash, or somebody who tampers, brings about. */
export async function startOpenServer(): Promise<{ server: TestServer; database: Database } & AsyncDisposable> {
  const { url, drop } = await emptyDatabase('postgres')
  const server = await startServer({ env: { STEWARD_DATABASE_URL: url } })
  const database = openDatabase(url, '')
  return {
    server,
    database,
    async [Symbol.asyncDispose]() {
      await database.close()
      await server[Symbol.asyncDispose]()
      await drop()
    },
  }
}
