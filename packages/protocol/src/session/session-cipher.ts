/**
 * Encryption of one session under a KMS data key of 64 bytes: bytes 0 to 31 for what the agent sends, 32 to 63 for what
 * the client sends. AES-256-GCM; on the wire `nonce(12) ‖ ciphertext ‖ tag(16)`, no additional data. Encrypted are the
 * payload types 1, 11 and 12 of the agent and 1 of the client; all else stays in clear.
 */
export type SessionCipher = {
  encrypt(plain: Uint8Array): Uint8Array | Promise<Uint8Array>
  /** Throws or rejects when the bytes are not what the other side encrypted. */
  decrypt(sealed: Uint8Array): Uint8Array | Promise<Uint8Array>
}

export const dataKeyLength = 64
export const nonceLength = 12
export const tagLength = 16

/** Which half of the data key is for what an agent sends, and which for what a client sends. */
export function halvesOfDataKey(dataKey: Uint8Array): { agentSends: Uint8Array; clientSends: Uint8Array } {
  return { agentSends: dataKey.subarray(0, 32), clientSends: dataKey.subarray(32, dataKeyLength) }
}

/** The encryption context under which the data key is made and opened. */
export function encryptionContext(sessionId: string, targetId: string, challenge: string): Record<string, string> {
  const context = { 'aws:ssm:SessionId': sessionId, 'aws:ssm:TargetId': targetId }
  return challenge === '' ? context : { ...context, 'aws:ssm:RandomChallenge': challenge }
}
