import { halvesOfDataKey, nonceLength, type SessionCipher, tagLength } from '@steward/protocol/session/index.ts'

/** The client's cipher of an encrypted session, by WebCrypto: in browsers, secure contexts only. */
export async function webCipher(dataKey: Uint8Array): Promise<SessionCipher> {
  const { agentSends, clientSends } = halvesOfDataKey(dataKey)
  const sealing = await importKey(clientSends, 'encrypt')
  const opening = await importKey(agentSends, 'decrypt')
  return {
    async encrypt(plain) {
      const nonce = crypto.getRandomValues(new Uint8Array(nonceLength))
      const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, sealing, ownBytes(plain))
      const payload = new Uint8Array(nonceLength + sealed.byteLength)
      payload.set(nonce)
      payload.set(new Uint8Array(sealed), nonceLength)
      return payload
    },
    async decrypt(payload) {
      if (payload.length < nonceLength + tagLength) throw new Error('An encrypted payload is too short.')
      const iv = ownBytes(payload.subarray(0, nonceLength))
      const sealed = ownBytes(payload.subarray(nonceLength))
      return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, opening, sealed))
    },
  }
}

function importKey(bytes: Uint8Array, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', ownBytes(bytes), 'AES-GCM', false, [use])
}

/** WebCrypto takes no views of shared memory, by type. */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}
