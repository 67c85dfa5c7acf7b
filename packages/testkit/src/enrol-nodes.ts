/**
 * Makes simulated nodes known to a server with the calls that agents make: activations, registration, role tokens, a first health
 * report. Every node has the same RSA key, because making one takes longer than everything else together.
 */
import { randomUUID } from 'node:crypto'
import { CreateActivationCommand, SSMClient } from '@aws-sdk/client-ssm'
import { newKeys } from '@steward/agent/server/registration.ts'
import type { Credentials } from '@steward/agent/server/signature.ts'
import { registerManagedInstance, requestRoleToken, SsmClient } from '@steward/agent/server/ssm-client.ts'

export interface NodeIdentity {
  readonly nodeId: string
  readonly credentials: Credentials
}

export interface Enrolment {
  readonly url: string
  readonly region: string
  readonly rootKey: { readonly accessKeyId: string; readonly secretAccessKey: string }
  readonly count: number
  /** Tag that all nodes get, for commands to aim at. */
  readonly tag: { readonly Key: string; readonly Value: string }
}

/** The most that one activation registers. */
const NODES_PER_ACTIVATION = 1000
const AT_ONCE = 16

export async function enrolNodes(enrolment: Enrolment): Promise<NodeIdentity[]> {
  const keys = await newKeys()
  const identities: NodeIdentity[] = []
  while (identities.length < enrolment.count) {
    const count = Math.min(NODES_PER_ACTIVATION, enrolment.count - identities.length)
    const activation = await createActivation(enrolment, count)
    let left = count
    const enrolSome = async () => {
      while (left-- > 0) identities.push(await enrolNode(enrolment, activation, keys))
    }
    await Promise.all(Array.from({ length: AT_ONCE }, enrolSome))
  }
  return identities
}

type Activation = { ActivationId: string; ActivationCode: string }

async function createActivation({ url, region, rootKey, tag }: Enrolment, count: number): Promise<Activation> {
  const client = new SSMClient({ endpoint: url, region, credentials: rootKey, maxAttempts: 1 })
  const input = { IamRole: 'SimulatedNode', RegistrationLimit: count, Tags: [tag] }
  const { ActivationId, ActivationCode } = await client.send(new CreateActivationCommand(input))
  return { ActivationId: ActivationId!, ActivationCode: ActivationCode! }
}

async function enrolNode(
  { url, region }: Enrolment,
  activation: Activation,
  { publicKey, privateKey }: { publicKey: string; privateKey: string },
): Promise<NodeIdentity> {
  const endpoint = { url, region, ca: undefined }
  const fingerprint = randomUUID()
  const registration = { ...activation, Fingerprint: fingerprint, PublicKey: publicKey, PublicKeyType: 'Rsa' }
  const nodeId = await registerManagedInstance(endpoint, registration)
  const { credentials } = await requestRoleToken(endpoint, { nodeId, privateKey, fingerprint }, Date.now())
  const client = new SsmClient(
    endpoint,
    async () => credentials,
    () => Date.now(),
  )
  await client.updateInstanceInformation(healthReport(nodeId))
  return { nodeId, credentials }
}

function healthReport(nodeId: string) {
  return {
    InstanceId: nodeId,
    AgentName: 'amazon-ssm-agent',
    AgentVersion: '3.2.0.0',
    AgentStatus: 'Active',
    AvailabilityZone: '',
    ComputerName: `${nodeId}.example`,
    IPAddress: '10.99.0.1',
    PlatformName: 'Debian GNU/Linux',
    PlatformType: 'Linux',
    PlatformVersion: '12',
    SSMConnectionChannel: 'ssmmessages',
  }
}
