import type {
  ConnectionAuthorizationType,
  CreateConnectionAuthRequestParameters,
  UpdateConnectionAuthRequestParameters,
} from '@steward/model/generated/events.ts'
import { type ConnectionSecrets, checkAuthorization, shownOf, toApiConnection } from '../connection.ts'
import { openSecrets, requireConnection, saveConnection, sealSecrets } from '../connection-store.ts'
import { notBuilt } from '../errors.ts'
import { events } from '../events.ts'
import { connectionArn } from '../names.ts'

/** What is left out stays as it is. */
export const UpdateConnection = events.write('UpdateConnection', {
  access: (input, call) => ({
    action: 'events:UpdateConnection',
    resources: [connectionArn(call.scope, input.Name, '*')],
  }),

  async handle({ Name, Description, AuthorizationType, AuthParameters, ...more }, call) {
    if (more.InvocationConnectivityParameters) throw notBuilt('Connections to private resources are')
    if (more.KmsKeyIdentifier) throw notBuilt('Connections with a key of their own are')
    const row = await requireConnection(call.db, call.scope, Name, 'update')
    const type = AuthorizationType ?? (row.authorization_type as ConnectionAuthorizationType)
    const secrets = merged(type, openSecrets(call.vault, row), AuthParameters ?? {})
    const changed = {
      ...row,
      description: Description ?? row.description,
      authorization_type: type,
      shown: JSON.stringify(shownOf(secrets)),
      sealed: sealSecrets(call.vault, row, secrets),
      modified_at: call.now.toISOString(),
    }
    await saveConnection(call.db, changed)
    const { ConnectionArn, ConnectionState, CreationTime, LastModifiedTime, LastAuthorizedTime } =
      toApiConnection(changed)
    return { ConnectionArn, ConnectionState, CreationTime, LastModifiedTime, LastAuthorizedTime }
  },
})

function merged(
  type: ConnectionAuthorizationType,
  before: ConnectionSecrets,
  change: UpdateConnectionAuthRequestParameters,
): ConnectionSecrets {
  const key = { ...before.ApiKeyAuthParameters, ...change.ApiKeyAuthParameters }
  const basic = { ...before.BasicAuthParameters, ...change.BasicAuthParameters }
  const secrets = {
    ...(type === 'API_KEY' && key.ApiKeyName && key.ApiKeyValue && { ApiKeyAuthParameters: key }),
    ...(type === 'BASIC' && basic.Username && basic.Password && { BasicAuthParameters: basic }),
    InvocationHttpParameters: change.InvocationHttpParameters ?? before.InvocationHttpParameters,
    OAuthParameters: change.OAuthParameters,
  } as CreateConnectionAuthRequestParameters
  checkAuthorization(type, secrets)
  return secrets
}
