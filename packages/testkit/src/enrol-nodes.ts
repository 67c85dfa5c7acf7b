/**
 * Makes simulated nodes known to a server with the calls that agents make: activations, registration, role tokens, a first health
 * report. Every node has the same RSA key, because making one takes longer than everything else together.
 */
import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { Agent } from 'node:http'
import { CreateActivationCommand, SSMClient } from '@aws-sdk/client-ssm'
import { type Credentials, type SignableRequest, signAsNode, signRequest } from '@steward/protocol/signature.ts'
import { type CallPlace, signedCall } from './signed-call.ts'

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
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const machine: Machine = {
    ...enrolment,
    http: new Agent({ keepAlive: true }),
    privateKey: key.privateKey,
    publicKey: key.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  }
  const identities: NodeIdentity[] = []
  while (identities.length < enrolment.count) {
    const count = Math.min(NODES_PER_ACTIVATION, enrolment.count - identities.length)
    const activation = await createActivation(enrolment, count)
    let left = count
    const enrolSome = async () => {
      while (left-- > 0) identities.push(await enrolNode(machine, activation))
    }
    await Promise.all(Array.from({ length: AT_ONCE }, enrolSome))
  }
  machine.http.destroy()
  return identities
}

type Activation = { ActivationId: string; ActivationCode: string }

async function createActivation({ url, region, rootKey, tag }: Enrolment, count: number): Promise<Activation> {
  const client = new SSMClient({ endpoint: url, region, credentials: rootKey, maxAttempts: 1 })
  const input = { IamRole: 'SimulatedNode', RegistrationLimit: count, Tags: [tag] }
  const { ActivationId, ActivationCode } = await client.send(new CreateActivationCommand(input))
  client.destroy()
  return { ActivationId: ActivationId!, ActivationCode: ActivationCode! }
}

/** Where nodes are enrolled, and with which key. */
interface Machine extends CallPlace {
  readonly privateKey: KeyObject
  readonly publicKey: string
}

const call = signedCall<Record<string, string | undefined>>

async function enrolNode(machine: Machine, activation: Activation): Promise<NodeIdentity> {
  const { publicKey, privateKey } = machine
  const fingerprint = randomUUID()
  const registration = { ...activation, Fingerprint: fingerprint, PublicKey: publicKey, PublicKeyType: 'Rsa' }
  const unsigned = ({ headers }: SignableRequest) => headers
  const { InstanceId: nodeId } = await call(machine, 'RegisterManagedInstance', registration, unsigned)
  const asNode = (signable: SignableRequest) => signAsNode(signable, nodeId!, privateKey)
  const token = await call(machine, 'RequestManagedInstanceRoleToken', { Fingerprint: fingerprint }, asNode)
  const credentials = {
    accessKeyId: token.AccessKeyId!,
    secretAccessKey: token.SecretAccessKey!,
    sessionToken: token.SessionToken!,
  }
  const withToken = (signable: SignableRequest) => signRequest(signable, credentials)
  await call(machine, 'UpdateInstanceInformation', healthReport(nodeId!), withToken)
  return { nodeId: nodeId!, credentials }
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
