/**
 * Proves who calls: the root key, a user's key, temporary credentials, or a node's own RSA key. Throws AWS's error for everything
 * that is not proven. A key that was made inactive, a principal that was deleted and a node that was deregistered are nobody
 * from that moment on.
 */
import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { Database } from '#db/database.ts'
import { type Claim, invalidSignature } from '#iam/claim.ts'
import type { SealedCredentials, Session } from '#iam/sealed-credentials.ts'
import { checkService, checkSignature, type SignedRequest, signedTexts, signerOf, timeRefusal } from '#iam/sigv4.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Clock } from '#kernel/clock.ts'
import type {
  Authentication,
  NodeDirectory,
  NodeIdentity,
  PrincipalDirectory,
  PrincipalPolicies,
  SignInDirectory,
} from '#kernel/declare.ts'
import type { Logger } from '#kernel/logger.ts'
import type { NodePrincipal, Principal, SessionFacts } from '#kernel/principal.ts'
import { SealBroken } from '#kernel/vault.ts'
import type { KeyUses } from './key-uses.ts'
import type { NodeRefusals } from './node-refusals.ts'

export interface RootKey {
  readonly account: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** A caller that is proven, and the Region its signature named (undefined when nothing was signed). */
export interface Identified {
  readonly principal: Principal
  /** What it may do as of now; undefined for those of whom policies do not speak. */
  readonly policies: PrincipalPolicies | undefined
  readonly region: string | undefined
  /** Signs texts with the key that signed the request, in hexadecimal; undefined where no secret key did. */
  readonly sign?: (text: string) => string
}

/** What the proof is for. */
export interface ProofWanted {
  readonly how: Authentication
  /** The name that requests to the service are signed for. */
  readonly service: string
  readonly now: Date
  /** Given where nodes call: that one was refused is written down. */
  readonly sourceIp?: string
  /** Instead of AWS's usual sentence: the refusal of a signature whose time is not now. */
  readonly untimely?: ApiError
  /** Instead of the check of the signature: throws unless this secret made it. */
  readonly check?: (secret: string) => void
}

export interface AuthenticatorParts {
  /** `since`: temporary credentials of the root that were issued before are void. Epoch milliseconds. */
  readonly root: RootKey & { readonly since: number }
  readonly sealed: SealedCredentials
  readonly nodes: NodeDirectory
  /** Undefined: there are no principals but the root and nodes. */
  readonly principals: PrincipalDirectory | undefined
  /** Undefined: nobody signs in. */
  readonly signIns: SignInDirectory | undefined
  readonly database: Pick<Database, 'read'>
  /** Told of every use of a user's key. */
  readonly keyUses: Pick<KeyUses, 'note'>
  /** Told of nodes that were turned away. */
  readonly refusals: Pick<NodeRefusals, 'note'>
  /** That of test mode's clients, who need not know that the server's own was moved. */
  readonly otherClock: Clock | undefined
  readonly log: Logger
}

interface Proven {
  readonly principal: Principal
  readonly sign?: (text: string) => string
}

export class Authenticator {
  readonly #parts: AuthenticatorParts

  constructor(parts: AuthenticatorParts) {
    this.#parts = parts
  }

  /** `claim` is what the request says of its signature. */
  async identify(request: SignedRequest, claim: Claim | undefined, wanted: ProofWanted): Promise<Identified> {
    try {
      if (claim && wanted.how !== 'none') this.#checkTime(claim, wanted)
      return await this.identifyAgain(request, claim, wanted)
    } catch (error) {
      const nodeId = claim && this.#nodeNamed(claim)
      if (nodeId && wanted.sourceIp && error instanceof ApiError)
        this.refused(nodeId, error, wanted.sourceIp, wanted.now)
      throw error
    }
  }

  /** Remembers, for those who ask why a node is offline, that a call of it was refused. */
  refused(nodeId: string, error: ApiError, sourceIp: string, now: Date): void {
    this.#parts.refusals.note(nodeId, error, sourceIp, now)
  }

  /** The node that a request says it comes from. */
  #nodeNamed({ accessKeyId, sessionToken }: Claim): string | undefined {
    if (/^mi-[0-9a-f]{17}$/.test(accessKeyId)) return accessKeyId
    const session = sessionToken && this.#parts.sealed.open(accessKeyId, sessionToken)?.session
    return session && session.kind === 'node' ? session.nodeId : undefined
  }

  /** Proves, while a request lasts, that its caller is still somebody: all but that the signature was made just now. */
  async identifyAgain(request: SignedRequest, claim: Claim | undefined, wanted: ProofWanted): Promise<Identified> {
    if (wanted.how === 'none' || (wanted.how === 'optional' && !claim))
      return { principal: this.#anonymous(), policies: undefined, region: undefined }
    if (!claim) throw new ApiError('MissingAuthenticationTokenException', 'Missing Authentication Token')
    checkService(claim, wanted.service)
    const { principal, sign } =
      wanted.how === 'node-key'
        ? { principal: await this.#byNodeKey(request, claim) }
        : await this.#bySecret(request, claim, wanted)
    if (principal.kind === 'node' && principal.region !== claim.region) throw wrongRegion(principal.region)
    if (claim.service === 'iam' && !mayCallIam(principal)) throw unknownKey()
    const policies = await this.#policiesOf(principal)
    return { principal, policies, region: claim.region, ...(sign && { sign }) }
  }

  #checkTime(claim: Claim, { now, untimely }: ProofWanted): void {
    const refusal = timeRefusal(claim, now)
    const { otherClock } = this.#parts
    if (refusal && (!otherClock || timeRefusal(claim, otherClock.now()))) throw untimely ?? refusal
  }

  #anonymous(): Principal {
    const { account } = this.#parts.root
    return { kind: 'anonymous', account, arn: `arn:aws:sts::${account}:anonymous` }
  }

  async #bySecret(request: SignedRequest, claim: Claim, { now, check }: ProofWanted): Promise<Proven> {
    const { root, sealed, keyUses } = this.#parts
    const prove = check ?? ((secret: string) => checkSignature(request, claim, secret))
    if (claim.sessionToken) {
      const opened = sealed.open(claim.accessKeyId, claim.sessionToken)
      if (!opened) throw unknownKey()
      prove(opened.secret)
      if (opened.session.expires <= now.getTime()) {
        throw expired()
      }
      return { principal: await this.#principalOf(opened.session), sign: signerOf(opened.secret, claim) }
    }
    if (claim.accessKeyId === root.accessKeyId) {
      prove(root.secretAccessKey)
      const { account, accessKeyId, secretAccessKey } = root
      const { service, region } = claim
      keyUses.note({ of: 'root', account, accessKeyId, service, region, at: now })
      const principal: Principal = { kind: 'root', account, arn: `arn:aws:iam::${account}:root`, accessKeyId }
      return { principal, sign: signerOf(secretAccessKey, claim) }
    }
    return this.#byUserKey(claim, now, prove)
  }

  async #byUserKey(claim: Claim, now: Date, prove: (secret: string) => void): Promise<Proven> {
    const { principals, database } = this.#parts
    const { accessKeyId, service, region } = claim
    const key = await database
      .read(async (reader) => principals?.accessKey(reader, accessKeyId))
      .catch((error: unknown) => this.#sealedForGood(error, accessKeyId))
    if (!key) throw unknownKey()
    prove(key.secret)
    if (!key.active) throw unknownKey()
    const { account } = key.principal
    this.#parts.keyUses.note({ of: 'user', account, accessKeyId, service, region, at: now })
    return { principal: key.principal, sign: signerOf(key.secret, claim) }
  }

  /** A key whose secret cannot be opened proves nobody, as one that was deleted. */
  #sealedForGood(error: unknown, accessKeyId: string): undefined {
    if (!(error instanceof SealBroken)) throw error
    this.#parts.log.error({ err: error, accessKeyId }, 'the secret of an access key cannot be opened')
  }

  async #principalOf({ expires, ...session }: Session): Promise<Principal> {
    if (session.kind !== 'node') {
      await this.#mustBeSignedIn(session.session)
      const ofRoot = session.kind === 'root' || (session.kind === 'federated' && !session.issuer)
      if (ofRoot && session.session.issuedAt < this.#parts.root.since) throw unknownKey()
      return session
    }
    const node = await this.#find(session.nodeId)
    if (!node || node.scope.account !== session.account) throw unknownKey()
    return { ...nodePrincipal(node), credentials: { id: session.accessKeyId, expires } }
  }

  /** Credentials of a sign-in are good no longer than that; those of roles that were assumed in it, until somebody ends it. */
  async #mustBeSignedIn({ signIn, assumedIn }: SessionFacts): Promise<void> {
    const { signIns, database } = this.#parts
    if (signIn !== undefined && !(await database.read(async (reader) => signIns?.isOpen(reader, signIn))))
      throw expired()
    if (assumedIn !== undefined && (await database.read(async (reader) => signIns?.wasEnded(reader, assumedIn))))
      throw expired()
  }

  /** Looked up for every request: what was changed or taken away counts at once, also for credentials that were issued before. */
  async #policiesOf(principal: Principal): Promise<PrincipalPolicies | undefined> {
    const { principals, database } = this.#parts
    if (principal.kind === 'root' || principal.kind === 'anonymous') return undefined
    const policies = await database.read(async (reader) => principals?.policiesOf(reader, principal))
    if (!policies && principal.kind !== 'node') throw unknownKey()
    return policies
  }

  /** The «access key id» is the node's id, and the signature is RSASSA-PSS over the string to sign (agent-protocol, 4.4). */
  async #byNodeKey(request: SignedRequest, claim: Claim): Promise<Principal> {
    const node = await this.#find(claim.accessKeyId)
    // AccessDeniedException is what makes a deregistered agent stop calling; every other code makes it try for ever.
    if (!node) throw new ApiError('AccessDeniedException', `The node ${claim.accessKeyId} is not registered here.`)
    const texts = signedTexts(request, claim).map((text) => Buffer.from(text))
    const signature = Buffer.from(claim.signature, 'base64')
    const publicKey = node.publicKeys.find((key) => texts.some((text) => isSignedBy(key, text, signature)))
    if (publicKey) return { ...nodePrincipal(node), publicKey }
    throw new ApiError('InvalidSignatureException', 'The request is not signed with the key that the node registered.')
  }

  #find(nodeId: string): Promise<NodeIdentity | undefined> {
    const { database, nodes } = this.#parts
    return database.read((reader) => nodes.find(reader, nodeId))
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

/** Temporary credentials of users are good for IAM only after a second factor or at the console, those of federated users never. */
function mayCallIam(principal: Principal): boolean {
  if (principal.kind === 'federated') return false
  if (principal.kind !== 'user' || !principal.session) return true
  return principal.session.mfaAt !== undefined || principal.session.signIn !== undefined
}

function expired(): ApiError {
  return new ApiError('ExpiredTokenException', 'The security token included in the request is expired')
}

function unknownKey(): ApiError {
  return new ApiError('UnrecognizedClientException', 'The security token included in the request is invalid.')
}

function wrongRegion(region: string): ApiError {
  return invalidSignature(`Credential should be scoped to a valid region. The node belongs to ${region}.`)
}
