import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { CreateActivationCommand, type SSMClient } from '@aws-sdk/client-ssm'
import { FakeAgent, type FakeAgentParts } from './fake-agent.ts'

export interface FakeNodeOptions {
  /** The name its activation gives it. */
  readonly name?: string
  readonly tags?: Readonly<Record<string, string>>
  /** Default `Linux`; null for a node that has told nothing of itself yet. */
  readonly platformType?: 'Linux' | 'Windows' | 'MacOS' | null
  /** Default true. */
  readonly connected?: boolean
}

export interface FakeNodesParts {
  readonly url: string
  readonly region: string
  readonly now: () => Date
  readonly isConnected: (nodeId: string) => boolean
  readonly client: () => SSMClient
}

type Activation = { ActivationId: string; ActivationCode: string }

let sharedKeys: ReturnType<typeof newKeys> | undefined

async function newKeys(): Promise<FakeAgentParts['keys']> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return { publicKey: publicKey.toString('base64'), privateKey }
}

/** The fake nodes of one test server. */
export class FakeNodes {
  readonly #parts: FakeNodesParts
  readonly #nodes: FakeAgent[] = []
  readonly #activations = new Map<string, Promise<Activation>>()

  constructor(parts: FakeNodesParts) {
    this.#parts = parts
  }

  /** Registers nodes; in the order of the answer their ids have no order. */
  async add(count: number, options: FakeNodeOptions = {}): Promise<FakeAgent[]> {
    const activation = await this.#activation(options)
    sharedKeys ??= newKeys()
    const keys = await sharedKeys
    const one = async () => {
      const node = await FakeAgent.register(activation, { ...this.#parts, keys })
      if (options.platformType !== null) await node.updateInformation({ PlatformType: options.platformType ?? 'Linux' })
      if (options.connected !== false) await node.connect()
      return node
    }
    const nodes = await Promise.all(Array.from({ length: count }, one))
    this.#nodes.push(...nodes)
    return nodes
  }

  async settle(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.settle()))
  }

  disconnect(): void {
    for (const node of this.#nodes) node.cut()
  }

  /** One for all nodes that are alike: a test has few kinds of them. */
  #activation({ name, tags = {} }: FakeNodeOptions): Promise<Activation> {
    const kind = JSON.stringify([name, tags])
    const known = this.#activations.get(kind)
    if (known) return known
    const made = this.#activate(name, tags)
    this.#activations.set(kind, made)
    return made
  }

  async #activate(name: string | undefined, tags: Readonly<Record<string, string>>): Promise<Activation> {
    const { ActivationId, ActivationCode } = await this.#parts.client().send(
      new CreateActivationCommand({
        IamRole: 'FakeNode',
        RegistrationLimit: 1000,
        DefaultInstanceName: name,
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    )
    return { ActivationId: ActivationId!, ActivationCode: ActivationCode! }
  }
}
