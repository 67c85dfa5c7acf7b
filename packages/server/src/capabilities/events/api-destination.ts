import type { ApiDestination, ApiDestinationHttpMethod } from '@steward/model/generated/events.ts'
import type { Reader } from '#db/database.ts'
import type { Scope } from '#kernel/scope.ts'
import { findConnection } from './connection-store.ts'
import { invalid, noSuchConnection } from './errors.ts'
import { apiDestinationArn, connectionArn } from './names.ts'
import type { ApiDestinationRow, ConnectionRow } from './tables.ts'

export const DEFAULT_RATE_LIMIT = 300

/** Throws `ValidationException` unless it is a URL that a request can be sent to. */
export function checkEndpoint(endpoint: string): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password)
    throw invalid(`Parameter InvocationEndpoint is not valid: ${endpoint} is not an http or https URL.`)
}

/** The connection with this ARN; undefined if it is gone, or another has taken its name. */
export async function connectionWithArn(reader: Reader, scope: Scope, arn: string): Promise<ConnectionRow | undefined> {
  const name = arn.split('/')[1] ?? ''
  const row = await findConnection(reader, scope, name)
  return row && connectionArn(row, row.name, row.uid) === arn ? row : undefined
}

/** Throws `ResourceNotFoundException`. */
export async function requireConnectionArn(reader: Reader, scope: Scope, arn: string): Promise<void> {
  if (!(await connectionWithArn(reader, scope, arn))) throw noSuchConnection('describe', arn)
}

export async function toApiDestination(reader: Reader, row: ApiDestinationRow): Promise<ApiDestination> {
  const connected = (await connectionWithArn(reader, row, row.connection_arn)) !== undefined
  return {
    ApiDestinationArn: apiDestinationArn(row, row.name, row.uid),
    Name: row.name,
    ApiDestinationState: connected ? 'ACTIVE' : 'INACTIVE',
    ConnectionArn: row.connection_arn,
    InvocationEndpoint: row.endpoint,
    HttpMethod: row.method as ApiDestinationHttpMethod,
    InvocationRateLimitPerSecond: row.rate_limit,
    CreationTime: new Date(row.created_at),
    LastModifiedTime: new Date(row.modified_at),
  }
}
