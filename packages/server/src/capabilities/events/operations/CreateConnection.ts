import { checkAuthorization, shownOf, toApiConnection } from '../connection.ts'
import { findConnection, saveConnection, sealSecrets } from '../connection-store.ts'
import { alreadyExists, notBuilt } from '../errors.ts'
import { events } from '../events.ts'
import { connectionArn } from '../names.ts'

export const CreateConnection = events.write('CreateConnection', {
  access: (input, call) => ({
    action: 'events:CreateConnection',
    resources: [connectionArn(call.scope, input.Name, '*')],
  }),

  async handle(input, call) {
    const { Name, Description, AuthorizationType, AuthParameters } = input
    if (input.InvocationConnectivityParameters) throw notBuilt('Connections to private resources are')
    if (input.KmsKeyIdentifier) throw notBuilt('Connections with a key of their own are')
    checkAuthorization(AuthorizationType, AuthParameters)
    if (await findConnection(call.db, call.scope, Name)) throw alreadyExists('Connection', Name)
    const { account, region } = call.scope
    const key = { account, region, name: Name, uid: call.ids.uuid() }
    const at = call.now.toISOString()
    const row = {
      ...key,
      description: Description ?? null,
      authorization_type: AuthorizationType,
      shown: JSON.stringify(shownOf(AuthParameters)),
      sealed: sealSecrets(call.vault, key, AuthParameters),
      created_at: at,
      modified_at: at,
    }
    await saveConnection(call.db, row)
    const { ConnectionArn, ConnectionState, CreationTime, LastModifiedTime } = toApiConnection(row)
    return { ConnectionArn, ConnectionState, CreationTime, LastModifiedTime }
  },
})
