import { ssm } from '#capabilities/ssm.ts'
import { fingerprintDoesNotMatch, noSuchNode } from '../errors.ts'
import { speakingNode } from '../node.ts'
import { findCredentialsOf, forgetPreviousKey } from '../node-store.ts'

const LIFE_SECONDS = 3600

/**
 * Gives a node the credentials for everything else it does. A fingerprint that differs silences an agent for a day, so
 * nothing but a real difference may be answered that way (agent-protocol, 4.7).
 */
export const RequestManagedInstanceRoleToken = ssm.write('RequestManagedInstanceRoleToken', {
  authentication: 'node-key',
  access: (_input, call) => ({
    action: 'ssm:RequestManagedInstanceRoleToken',
    resources: [speakingNode(call).arn],
  }),

  async handle(input, call) {
    const { nodeId, publicKey } = speakingNode(call)
    const known = await findCredentialsOf(call.db, call.scope, nodeId)
    if (!known) throw noSuchNode(nodeId)
    if (known.fingerprint !== input.Fingerprint) throw fingerprintDoesNotMatch(nodeId)
    await forgetPreviousKey(call.db, call.scope, nodeId, publicKey)
    const credentials = call.issueNodeCredentials({ scope: call.scope, nodeId }, known.iamRole, LIFE_SECONDS)
    return {
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      SessionToken: credentials.sessionToken,
      TokenExpirationDate: credentials.expiration,
      UpdateKeyPair: false,
    }
  },
})
