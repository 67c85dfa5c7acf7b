/**
 * The certificate authority of this installation and the certificate of its TLS listener. Agents pin the authority, so it is
 * made once and kept; the listener's certificate is made anew at every start, for the names that the machine has then.
 */
import 'reflect-metadata'
import { createPrivateKey, generateKeyPairSync, hash, webcrypto, X509Certificate } from 'node:crypto'
import { hostname, networkInterfaces } from 'node:os'
import * as x509 from '@peculiar/x509'
import type { DataDirectory } from '#kernel/data-directory.ts'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const DAY_MS = 86_400_000
const CA_DAYS = 3650
/** The longest that every verifier takes; a server that runs longer without a restart is due for an update anyway. */
const LEAF_DAYS = 825

const BACKUP = 'Put it back from a backup.'
const NEW_AUTHORITY = `${BACKUP} If there is none, remove ca.pem and ca-key.pem: the next start makes a new authority, and every node must be enrolled again.`
const NEW_CERTIFICATE = `${BACKUP} If there is none, remove it: the next start makes another of the same key.`
const NEW_PIN = `${BACKUP} If there is none, remove it: the next start makes another, and lines that enrol nodes must be printed anew.`

export interface TlsMaterial {
  readonly key: string
  /** The listener's certificate with the authority's behind it. */
  readonly cert: string
  readonly caPem: string
  /** SHA-256 of the listener's public key in base64: what `curl --pinnedpubkey sha256//…` checks. */
  readonly publicKeyPin: string
}

/** Reads or makes the authority in `ca.pem`, and signs a certificate for this machine's names and `hostnames`. */
export async function tlsMaterial(data: DataDirectory, hostnames: readonly string[], now: Date): Promise<TlsMaterial> {
  x509.cryptoProvider.set(webcrypto as unknown as Crypto)
  const authority = await readAuthority(data, now)
  // The listener's key is kept, because installers pin it.
  const keyPem = data.ensure('tls-key.pem', newKey)
  const keys = await whole(data.file('tls-key.pem'), NEW_PIN, () => keyPair(keyPem))
  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: 'CN=Steward',
    issuer: authority.certificate.subject,
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(now.getTime() + LEAF_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: authority.privateKey,
    extensions: [
      new x509.SubjectAlternativeNameExtension(names(hostnames)),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey),
    ],
  })
  const caPem = authority.certificate.toString('pem')
  const spki = new X509Certificate(leaf.toString('pem')).publicKey.export({ type: 'spki', format: 'der' })
  return {
    key: keyPem,
    cert: `${leaf.toString('pem')}\n${caPem}\n`,
    caPem: `${caPem}\n`,
    publicKeyPin: hash('sha256', spki, 'base64'),
  }
}

async function readAuthority(
  data: DataDirectory,
  now: Date,
): Promise<{ certificate: x509.X509Certificate; privateKey: CryptoKey }> {
  const stored = data.read('ca.pem')
  const keyFile = data.file('ca-key.pem')
  // Another key would sign what no agent trusts.
  if (stored && data.read('ca-key.pem') === undefined) throw new Error(`${keyFile} is missing. ${NEW_AUTHORITY}`)
  const keys = await whole(keyFile, NEW_AUTHORITY, () => keyPair(data.ensure('ca-key.pem', newKey)))
  if (stored) {
    const certificate = await whole(data.file('ca.pem'), NEW_CERTIFICATE, async () => new x509.X509Certificate(stored))
    if (await isFor(certificate, keys)) return { certificate, privateKey: keys.privateKey }
    throw new Error(`${keyFile} is not the key of ca.pem beside it. ${NEW_AUTHORITY}`)
  }
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: 'CN=Steward certificate authority',
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(now.getTime() + CA_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      // Strict verifiers, Python's since 3.13 among them, want every key to be named.
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  data.write('ca.pem', `${certificate.toString('pem')}\n`, 0o644)
  return { certificate, privateKey: keys.privateKey }
}

/** What `read` makes of a file; should it not be able to, its name and what to do. */
async function whole<T>(file: string, mend: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    throw new Error(`${file} is damaged. ${mend}`, { cause })
  }
}

async function isFor({ publicKey }: x509.X509Certificate, keys: webcrypto.CryptoKeyPair): Promise<boolean> {
  const own = await webcrypto.subtle.exportKey('spki', keys.publicKey)
  return Buffer.from(own).equals(Buffer.from(publicKey.rawData))
}

function newKey(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string
}

async function keyPair(pem: string): Promise<webcrypto.CryptoKeyPair> {
  const key = createPrivateKey(pem)
  const { d: _secret, ...publicJwk } = key.export({ format: 'jwk' })
  const [privateKey, publicKey] = await Promise.all([
    webcrypto.subtle.importKey('pkcs8', key.export({ type: 'pkcs8', format: 'der' }), ALGORITHM, true, ['sign']),
    webcrypto.subtle.importKey('jwk', { ...publicJwk, key_ops: ['verify'] }, ALGORITHM, true, ['verify']),
  ])
  return { privateKey, publicKey }
}

function serial(): string {
  // Positive, and short enough for every verifier.
  return `01${Buffer.from(webcrypto.getRandomValues(new Uint8Array(14))).toString('hex')}`
}

function names(hostnames: readonly string[]): { type: 'dns' | 'ip'; value: string }[] {
  const addresses = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const own = ['localhost', '127.0.0.1', '::1', hostname(), ...addresses.map(({ address }) => address.split('%')[0]!)]
  return [...new Set([...own, ...hostnames])].map((value) => ({ type: isAddress(value) ? 'ip' : 'dns', value }))
}

function isAddress(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text) || text.includes(':')
}
