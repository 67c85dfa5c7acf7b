/**
 * Proves who calls: the root key, a node's temporary credentials, or a node's own RSA key. Throws AWS's error for
 * everything that is not proven. A node that was deregistered is nobody from that moment on.
 */
import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { Database } from '#db/database.ts'
import { type Claim, invalidSignature } from '#iam/claim.ts'
import type { SealedCredentials, Session } from '#iam/sealed-credentials.ts'
import { checkService, checkSignature, signedText, timeRefusal } from '#iam/sigv4.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Authentication, NodeDirectory, NodeIdentity } from '#kernel/declare.ts'
import type { NodePrincipal, Principal } from '#kernel/principal.ts'
import type { HttpRequest } from './http-message.ts'

export interface RootKey {
  readonly account: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** A caller that is proven, and the Region its signature named (undefined when nothing was signed). */
export interface Identified {
  readonly principal: Principal
  readonly region: string | undefined
}

/** What the proof is for. */
export interface ProofWanted {
  readonly how: Authentication
  /** The name that requests to the service are signed for. */
  readonly service: string
  readonly now: Date
}

export class Authenticator {
  readonly #root: RootKey
  readonly #sealed: SealedCredentials
  readonly #nodes: NodeDirectory
  readonly #database: Database
  readonly #otherClock: Clock | undefined

  /** `otherClock` is that of test mode's clients, who need not know that the server's own was moved. */
  constructor(
    root: RootKey,
    sealed: SealedCredentials,
    nodes: NodeDirectory,
    database: Database,
    otherClock: Clock | undefined,
  ) {
    this.#root = root
    this.#sealed = sealed
    this.#nodes = nodes
    this.#database = database
    this.#otherClock = otherClock
  }

  /** `claim` is what the request says of its signature. */
  async identify(request: HttpRequest, claim: Claim | undefined, wanted: ProofWanted): Promise<Identified> {
    if (wanted.how === 'none') return { principal: this.#anonymous(), region: undefined }
    if (!claim) throw new ApiError('MissingAuthenticationTokenException', 'Missing Authentication Token')
    this.#checkTime(claim, wanted.now)
    checkService(claim, wanted.service)
    const principal =
      wanted.how === 'node-key'
        ? await this.#byNodeKey(request, claim)
        : await this.#bySecret(request, claim, wanted.now)
    if (principal.kind === 'node' && principal.region !== claim.region) throw wrongRegion(principal.region)
    return { principal, region: claim.region }
  }

  #checkTime(claim: Claim, now: Date): void {
    const refusal = timeRefusal(claim, now)
    if (refusal && (!this.#otherClock || timeRefusal(claim, this.#otherClock.now()))) throw refusal
  }

  #anonymous(): Principal {
    return { kind: 'anonymous', account: this.#root.account, arn: `arn:aws:sts::${this.#root.account}:anonymous` }
  }

  async #bySecret(request: HttpRequest, claim: Claim, now: Date): Promise<Principal> {
    if (claim.accessKeyId === this.#root.accessKeyId && !claim.sessionToken) {
      checkSignature(request, claim, this.#root.secretAccessKey)
      const { account, accessKeyId } = this.#root
      return { kind: 'root', account, arn: `arn:aws:iam::${account}:root`, accessKeyId }
    }
    const opened = claim.sessionToken ? this.#sealed.open(claim.accessKeyId, claim.sessionToken) : undefined
    if (!opened) throw unknownKey()
    checkSignature(request, claim, opened.secret)
    if (opened.session.expires <= now.getTime()) {
      throw new ApiError('ExpiredTokenException', 'The security token included in the request is expired')
    }
    return this.#principalOf(opened.session)
  }

  async #principalOf(session: Session): Promise<Principal> {
    if (session.kind !== 'node') throw unknownKey()
    const node = await this.#find(session.nodeId)
    if (!node || node.scope.account !== session.account) throw unknownKey()
    return nodePrincipal(node)
  }

  /** The «access key id» is the node's id, and the signature is RSASSA-PSS over the string to sign (agent-protocol, 4.4). */
  async #byNodeKey(request: HttpRequest, claim: Claim): Promise<Principal> {
    const node = await this.#find(claim.accessKeyId)
    // AccessDeniedException is what makes a deregistered agent stop calling; every other code makes it try for ever.
    if (!node) throw new ApiError('AccessDeniedException', `The node ${claim.accessKeyId} is not registered here.`)
    const text = Buffer.from(signedText(request, claim))
    const signature = Buffer.from(claim.signature, 'base64')
    const publicKey = node.publicKeys.find((key) => isSignedBy(key, text, signature))
    if (publicKey) return { ...nodePrincipal(node), publicKey }
    throw new ApiError('InvalidSignatureException', 'The request is not signed with the key that the node registered.')
  }

  #find(nodeId: string): Promise<NodeIdentity | undefined> {
    return this.#database.read((reader) => this.#nodes.find(reader, nodeId))
  }
}

function isSignedBy(publicKey: string, text: Buffer, signature: Buffer): boolean {
  const key: KeyObject = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
  return verify('sha256', text, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }, signature)
}

function nodePrincipal(node: NodeIdentity): NodePrincipal {
  const { account, region } = node.scope
  const arn = `arn:aws:sts::${account}:assumed-role/${node.iamRole.split('/').at(-1)}/${node.nodeId}`
  return { kind: 'node', account, region, arn, nodeId: node.nodeId, role: node.iamRole }
}

function unknownKey(): ApiError {
  return new ApiError('UnrecognizedClientException', 'The security token included in the request is invalid.')
}

function wrongRegion(region: string): ApiError {
  return invalidSignature(`Credential should be scoped to a valid region. The node belongs to ${region}.`)
}
