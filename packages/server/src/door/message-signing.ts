/**
 * The key that messages of topics are signed with, and its certificate, which receivers fetch from this server. Made when it is first
 * needed, and kept in the data directory.
 */
import 'reflect-metadata'
import {
  createPrivateKey,
  createSign,
  generateKeyPairSync,
  hash,
  type KeyObject,
  webcrypto,
  X509Certificate,
} from 'node:crypto'
import * as x509 from '@peculiar/x509'
import type { DataDirectory } from '#kernel/data-directory.ts'
import type { MessageSigner } from '#kernel/declare.ts'
import type { Route } from './listener.ts'

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
const DAYS = 3650
const DAY_MS = 86_400_000
const PREFIX = '/SimpleNotificationService-'

interface Material {
  readonly key: KeyObject
  readonly pem: string
  readonly path: string
}

export interface ServedSigner extends MessageSigner {
  /** The certificate in PEM if that is its path. */
  certificateAt(path: string): Promise<string | undefined>
}

export function messageSigner(data: DataDirectory): ServedSigner {
  let made: Promise<Material> | undefined
  const material = () => {
    made ??= readOrMake(data)
    return made
  }
  return {
    async sign(text, algorithm) {
      const { key } = await material()
      return createSign(algorithm).update(text, 'utf8').sign(key, 'base64')
    },
    async certificatePath() {
      return (await material()).path
    },
    async certificateAt(path) {
      if (!path.startsWith(PREFIX)) return undefined
      const { path: own, pem } = await material()
      return path === own ? pem : undefined
    },
  }
}

/** Serves the certificate, to everybody, as `SigningCertURL` names it. */
export function signingCertificateRoute(signer: ServedSigner): Route {
  return (request) => {
    if (request.method !== 'GET' || !request.path.startsWith(PREFIX)) return undefined
    return signer.certificateAt(request.path).then((pem) => ({
      status: pem ? 200 : 404,
      headers: { 'content-type': pem ? 'application/x-pem-file' : 'text/plain; charset=utf-8' },
      body: pem ?? 'There is no such certificate here.\n',
    }))
  }
}

async function readOrMake(data: DataDirectory): Promise<Material> {
  const keyPem = data.ensure('message-signing-key.pem', newKey)
  const pem = data.read('message-signing.pem') ?? (await makeCertificate(data, keyPem))
  const fingerprint = hash('sha256', new X509Certificate(pem).raw, 'hex').slice(0, 32)
  return { key: createPrivateKey(keyPem), pem, path: `${PREFIX}${fingerprint}.pem` }
}

async function makeCertificate(data: DataDirectory, keyPem: string): Promise<string> {
  x509.cryptoProvider.set(webcrypto as unknown as Crypto)
  const now = Date.now()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: `01${Buffer.from(webcrypto.getRandomValues(new Uint8Array(14))).toString('hex')}`,
    name: 'CN=Steward notifications',
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys: await keyPair(keyPem),
    extensions: [new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true)],
  })
  const pem = `${certificate.toString('pem')}\n`
  data.write('message-signing.pem', pem, 0o644)
  return pem
}

function newKey(): string {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string
}

async function keyPair(pem: string): Promise<webcrypto.CryptoKeyPair> {
  const key = createPrivateKey(pem)
  const { kty, n, e } = key.export({ format: 'jwk' })
  const [privateKey, publicKey] = await Promise.all([
    webcrypto.subtle.importKey('pkcs8', key.export({ type: 'pkcs8', format: 'der' }), ALGORITHM, true, ['sign']),
    webcrypto.subtle.importKey('jwk', { kty: kty!, n: n!, e: e! }, ALGORITHM, true, ['verify']),
  ])
  return { privateKey, publicKey }
}
