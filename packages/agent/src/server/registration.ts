import { generateKeyPair, randomUUID } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Configuration, readConfiguration, writeConfiguration } from '#configuration.ts'
import { replaceFile } from '#durable-file.ts'
import { readMachineId } from '#platform.ts'
import { ServerClock } from '#server/server-clock.ts'
import { registerManagedInstance } from '#server/ssm-client.ts'
import { createStateDirectory, type StateDirectory } from '#state-directory.ts'

export type RegistrationOptions = {
  url: string
  region: string
  activationId: string
  activationCode: string
  /** PEM of the certificate authority to trust; absent: the system's. */
  ca?: string | undefined
  /** Register again when this machine is registered already. */
  force?: boolean
  rebootCommand?: string | undefined
}

/** What came of it: `registered` is false when an earlier registration was kept. */
export type RegistrationResult = { nodeId: string; registered: boolean }

/** Registers this machine under an activation and keeps the result in the state directory. */
export async function register(state: StateDirectory, options: RegistrationOptions): Promise<RegistrationResult> {
  await createStateDirectory(state)
  const known = options.force ? undefined : await readConfiguration(state.configuration)
  if (known) return { nodeId: known.nodeId, registered: false }
  const { url, region, activationId, activationCode, ca, rebootCommand } = options
  const keys = await newKeys()
  const attempt = join(state.root, 'registering')
  const fingerprint = await fingerprintOf(attempt)
  const nodeId = await registerManagedInstance(
    { url, region, ca, clock: new ServerClock() },
    {
      ActivationId: activationId,
      ActivationCode: activationCode,
      Fingerprint: fingerprint,
      PublicKey: keys.publicKey,
      PublicKeyType: 'Rsa',
      ComputerName: hostname(),
    },
  )
  const configuration: Configuration = {
    version: 1,
    url,
    region,
    nodeId,
    privateKey: keys.privateKey,
    fingerprint,
    machineId: readMachineId(),
    registeredAt: new Date().toISOString(),
    ...(ca ? { ca } : {}),
    ...(rebootCommand ? { rebootCommand } : {}),
  }
  await writeConfiguration(state.configuration, configuration)
  await rm(attempt, { force: true })
  return { nodeId, registered: true }
}

/** The same at every attempt until one succeeds: a machine that must be approved first is known by it when it asks again. */
async function fingerprintOf(attempt: string): Promise<string> {
  const known = await readFile(attempt, 'utf8').catch(() => '')
  if (known) return known
  const fingerprint = randomUUID()
  await replaceFile(attempt, fingerprint)
  return fingerprint
}

/** A key pair as the protocol wants it: RSA 2048, the public key as base64 of its DER. */
export async function newKeys(): Promise<{ publicKey: string; privateKey: string }> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicExponent: 65_537,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return { publicKey: publicKey.toString('base64'), privateKey }
}
