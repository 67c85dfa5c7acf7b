export { DATABASES, type DatabaseKind, emptyDatabase, openTestDatabase, postgresUrl } from './databases.ts'
export { createDatabase, type PostgresServer, startPostgres } from './postgres.ts'
export { type ClientConfig, startServer, type TestServer, type TestServerOptions } from './server.ts'
