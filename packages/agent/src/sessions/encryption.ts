/*
 * Encryption between client and node, the agent's side: the client makes a data key and hands it over encrypted; KMS opens it
 * for this node; a challenge shows that both hold the same key. The server in between never has it.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { JsonObject } from '@steward/protocol'
import {
  dataKeyLength,
  encryptionContext,
  halvesOfDataKey,
  nonceLength,
  tagLength,
} from '@steward/protocol/session/index.ts'
import { type Credentials, signRequest } from '@steward/protocol/signature.ts'
import { objectOr } from '#document/document.ts'
import { httpRequest } from '#server/http.ts'
import type { Endpoint } from '#server/ssm-client.ts'
import { SessionError } from '#sessions/session-error.ts'

export type Cipher = { encrypt(plain: Uint8Array): Uint8Array; decrypt(sealed: Uint8Array): Uint8Array }

const algorithm = 'aes-256-gcm'
const timeoutMs = 15_000

/** The agent's cipher of a session under a data key. `decrypt` throws when the bytes are not what the client encrypted. */
export function agentCipher(dataKey: Uint8Array): Cipher {
  const { agentSends, clientSends } = halvesOfDataKey(dataKey)
  return {
    encrypt(plain) {
      const nonce = randomBytes(nonceLength)
      const cipher = createCipheriv(algorithm, agentSends, nonce)
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    },
    decrypt(sealed) {
      const decipher = createDecipheriv(algorithm, clientSends, sealed.subarray(0, nonceLength))
      decipher.setAuthTag(sealed.subarray(sealed.length - tagLength))
      return Buffer.concat([decipher.update(sealed.subarray(nonceLength, -tagLength)), decipher.final()])
    },
  }
}

export type KmsCaller = { endpoint: Endpoint; credentials(): Promise<Credentials> }

/** Lets KMS open the client's data key with this node's credentials. Throws SessionError when it does not. */
export async function openDataKey(
  kms: KmsCaller,
  keyId: string,
  ciphertext: string,
  session: { sessionId: string; nodeId: string },
): Promise<Uint8Array> {
  const answer = await decrypt(kms, {
    CiphertextBlob: ciphertext,
    KeyId: keyId,
    EncryptionContext: encryptionContext(session.sessionId, session.nodeId, ''),
  })
  const dataKey = Buffer.from(String(answer.Plaintext ?? ''), 'base64')
  if (dataKey.length === dataKeyLength) return dataKey
  throw new SessionError(`KMS decrypted ${dataKey.length} bytes; the session's data key has ${dataKeyLength}.`)
}

async function decrypt({ endpoint, credentials }: KmsCaller, input: JsonObject): Promise<JsonObject> {
  const { region, clock, ca } = endpoint
  const url = new URL('/', endpoint.url)
  const body = JSON.stringify(input)
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.Decrypt' }
  const request = { method: 'POST', url, headers, body, service: 'kms', region, date: new Date(clock.now()) }
  const signed = signRequest(request, await credentials())
  const response = await httpRequest({ method: 'POST', url, headers: signed, body, ca, timeoutMs })
  const answer = parsed(response.body)
  if (response.status === 200) return answer
  const code = String(answer.__type ?? `HTTP ${response.status}`).replace(/^.*#/, '')
  throw new SessionError(`KMS does not decrypt the session's data key for this node: ${code} ${answer.message ?? ''}`)
}

function parsed(body: string): JsonObject {
  try {
    return objectOr(JSON.parse(body))
  } catch {
    return {}
  }
}
