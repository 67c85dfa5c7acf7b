/** What the capabilities that keep principals and resources tell the door, which decides on it. */
import type { Reader, Tx } from '#db/database.ts'
import type { AttachedPolicy } from '../policy.ts'
import type { IamPrincipal, NodePrincipal, UserPrincipal } from '../principal.ts'

/**
 * What the door must know of principals that policies speak of. Made once for each server, so it may keep what it read; but what
 * was committed must count from the next request on.
 */
export interface PrincipalDirectory {
  /** The user whose key this is, and the key's secret. Undefined if there is no such key. */
  accessKey(
    reader: Reader,
    accessKeyId: string,
  ): Promise<{ readonly principal: UserPrincipal; readonly secret: string; readonly active: boolean } | undefined>
  /**
   * What the principal may do as of now. Undefined if it is not there any more (deleted, or made again under the same name), and
   * for a node if its role is none of IAM's.
   */
  policiesOf(reader: Reader, principal: IamPrincipal | NodePrincipal): Promise<PrincipalPolicies | undefined>
  /** Takes in when keys were used, for `GetAccessKeyLastUsed` and credential reports. */
  keysUsed(tx: Tx, uses: readonly KeyUse[]): Promise<void>
}

export interface PrincipalPolicies {
  /** Inline and managed ones, those of a user's groups included. Of a federated user: those of its issuer. */
  readonly identity: readonly AttachedPolicy[]
  readonly boundary?: AttachedPolicy
  /** What `SessionFacts.policies` and `policyArns` come to. Undefined if the session has neither; of a federated user, empty then. */
  readonly session?: readonly AttachedPolicy[]
  /** `aws:PrincipalTag/*`: the user's or role's, with those of the session over them. */
  readonly tags: Readonly<Record<string, string>>
}

/** What the capability that keeps sign-ins at the console tells the door. */
export interface SignInDirectory {
  /** False once the person signed out, or was idle for too long. */
  isOpen(reader: Reader, id: string): Promise<boolean>
  /** True once somebody ended it, for as long as roles that were assumed in it could be in use. */
  wasEnded(reader: Reader, id: string): Promise<boolean>
}

export interface KeyUse {
  readonly of: 'root' | 'user'
  readonly account: string
  readonly accessKeyId: string
  readonly service: string
  readonly region: string
  readonly at: Date
}

/** What decisions must know of the resources of some services. Every directory that has a service is asked. */
export interface ResourceDirectory {
  /** The services whose resources it knows, as their ARNs name them. */
  readonly services: readonly string[]
  /** Undefined if it knows nothing of the resource, or nothing that matters to the action. */
  describe(reader: Reader, arn: string, action: string): Promise<ResourceDescription | undefined>
  /** Whether resources may have policies of their own; without, they are described only when a policy asks for their tags. */
  readonly keepsPolicies: boolean
  /** What policies of resources deny, they deny the root of the account too, but for these actions. Undefined: they bind no root. */
  readonly rootIsFreeTo?: ReadonlySet<string>
}

export interface ResourceDescription {
  readonly tags?: Readonly<Record<string, string>>
  /** Condition keys that say something else of the resource, such as `ssm:DocumentType`. */
  readonly conditions?: Readonly<Record<string, string | readonly string[]>>
  readonly policy?: AttachedPolicy
  /**
   * The resource's policy has the say, as that of a KMS key or a role's trust policy: what it does not allow is refused, and it
   * must name the account for policies of the account's users and roles to count.
   */
  readonly policyDecides?: boolean
}
