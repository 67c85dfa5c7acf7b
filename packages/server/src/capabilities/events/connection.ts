/** How webhooks prove who they come from. What is secret of a connection is kept sealed and never shown again. */
import type {
  ConnectionAuthorizationType,
  ConnectionAuthResponseParameters,
  ConnectionHttpParameters,
  CreateConnectionAuthRequestParameters,
  DescribeConnectionResponse,
} from '@steward/model/generated/events.ts'
import { invalid, notBuilt } from './errors.ts'
import { connectionArn } from './names.ts'
import type { ConnectionRow } from './tables.ts'

/** What is sealed: everything a request needs. */
export type ConnectionSecrets = Pick<
  CreateConnectionAuthRequestParameters,
  'ApiKeyAuthParameters' | 'BasicAuthParameters' | 'InvocationHttpParameters'
>

/** Throws `ValidationException` unless the parameters are those of the type. */
export function checkAuthorization(
  type: ConnectionAuthorizationType,
  {
    ApiKeyAuthParameters,
    BasicAuthParameters,
    OAuthParameters,
    ConnectivityParameters,
  }: CreateConnectionAuthRequestParameters,
): void {
  if (type === 'OAUTH_CLIENT_CREDENTIALS' || OAuthParameters) throw notBuilt('Connections with OAuth are')
  if (ConnectivityParameters) throw notBuilt('Connections to private resources are')
  const given = { API_KEY: ApiKeyAuthParameters, BASIC: BasicAuthParameters }
  const names = { API_KEY: 'ApiKeyAuthParameters', BASIC: 'BasicAuthParameters' }
  if (!given[type]) throw invalid(`${names[type]} must be provided for the authorization type ${type}.`)
  const other = type === 'API_KEY' ? 'BASIC' : 'API_KEY'
  if (given[other]) throw invalid(`${names[other]} must not be provided for the authorization type ${type}.`)
}

/** What may be shown of the parameters: everything but the secrets. */
export function shownOf(secrets: ConnectionSecrets): ConnectionAuthResponseParameters {
  const { ApiKeyAuthParameters: key, BasicAuthParameters: basic, InvocationHttpParameters: http } = secrets
  return {
    ...(key && { ApiKeyAuthParameters: { ApiKeyName: key.ApiKeyName } }),
    ...(basic && { BasicAuthParameters: { Username: basic.Username } }),
    ...(http && { InvocationHttpParameters: withoutSecrets(http) }),
  }
}

function withoutSecrets(http: ConnectionHttpParameters): ConnectionHttpParameters {
  const shown = <T extends { Value?: string | undefined; IsValueSecret?: boolean | undefined }>(list?: T[]) =>
    list?.map((parameter) => (parameter.IsValueSecret ? { ...parameter, Value: undefined } : parameter))
  return {
    HeaderParameters: shown(http.HeaderParameters),
    QueryStringParameters: shown(http.QueryStringParameters),
    BodyParameters: shown(http.BodyParameters),
  }
}

/** The secret that both sides know, which requests are signed with. */
export function signingSecret({ ApiKeyAuthParameters, BasicAuthParameters }: ConnectionSecrets): string {
  return ApiKeyAuthParameters?.ApiKeyValue ?? BasicAuthParameters?.Password ?? ''
}

export function toApiConnection(row: ConnectionRow): DescribeConnectionResponse {
  return {
    ConnectionArn: connectionArn(row, row.name, row.uid),
    Name: row.name,
    Description: row.description ?? undefined,
    ConnectionState: 'AUTHORIZED',
    AuthorizationType: row.authorization_type as ConnectionAuthorizationType,
    AuthParameters: JSON.parse(row.shown) as ConnectionAuthResponseParameters,
    CreationTime: new Date(row.created_at),
    LastModifiedTime: new Date(row.modified_at),
    LastAuthorizedTime: new Date(row.modified_at),
  }
}
