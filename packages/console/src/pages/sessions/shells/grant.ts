import { ResumeSessionCommand, StartSessionCommand } from '@aws-sdk/client-ssm'
import type { GenerateDataKey } from '@steward/session-client'
import { ssm } from '#api/clients/ssm.ts'
import { Failure, failureOf, isAway } from '#api/failure.ts'
import { signedIn } from '#api/sign-in.ts'

/** That the server lets this page take part in a session, and where. */
export interface Grant {
  readonly streamUrl: string
  readonly tokenValue: string
}

export interface SessionRequest {
  readonly nodeId: string
  readonly documentName?: string | undefined
  readonly parameters?: Readonly<Record<string, string[]>> | undefined
  readonly reason?: string | undefined
}

/** There will never be a token again: the person may not go on with this session. */
export class TokenRefused extends Error {}

/** StartSession. */
export async function startSession(request: SessionRequest): Promise<Grant & { readonly sessionId: string }> {
  const { nodeId, documentName, parameters = {}, reason } = request
  const { SessionId, StreamUrl, TokenValue } = await ssm().send(
    new StartSessionCommand({
      Target: nodeId,
      DocumentName: documentName,
      Parameters: Object.keys(parameters).length > 0 ? parameters : undefined,
      Reason: reason || undefined,
    }),
  )
  return { sessionId: SessionId!, streamUrl: StreamUrl!, tokenValue: TokenValue! }
}

/** ResumeSession: how to come back; undefined if the session is over. */
export async function resumeSession(sessionId: string): Promise<Grant | undefined> {
  const { StreamUrl, TokenValue } = await ssm().send(new ResumeSessionCommand({ SessionId: sessionId }))
  return StreamUrl && TokenValue ? { streamUrl: StreamUrl, tokenValue: TokenValue } : undefined
}

/** A token to come back with; undefined if the session is over. Throws {@link TokenRefused}, or what makes sense to try again. */
export async function newToken(sessionId: string): Promise<string | undefined> {
  try {
    return (await resumeSession(sessionId))?.tokenValue
  } catch (error) {
    const { code, message, status = 500 } = failureOf(error)
    if (code === 'DoesNotExistException') return undefined
    if (isAway(error) || status >= 500 || code.includes('Throttling') || !signedIn()) throw error
    throw new TokenRefused(message)
  }
}

/** The key of an encrypted session: GenerateDataKey. */
export const dataKey: GenerateDataKey = async ({ keyId, context }) => {
  const [{ kms }, { GenerateDataKeyCommand }] = await Promise.all([
    import('#api/clients/kms.ts'),
    import('@aws-sdk/client-kms'),
  ])
  const input = { KeyId: keyId, NumberOfBytes: 64, EncryptionContext: context }
  const { Plaintext, CiphertextBlob } = await kms().send(new GenerateDataKeyCommand(input))
  if (!Plaintext || !CiphertextBlob) throw new Failure({ code: 'KMSInternalException', message: 'KMS gave no key.' })
  return { plaintext: Plaintext, ciphertext: CiphertextBlob }
}
