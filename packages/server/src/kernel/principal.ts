/** Who makes a call, as the door has proven it. */
export type Principal = RootPrincipal | IamPrincipal | NodePrincipal | AnonymousPrincipal

/** A principal that may do what policies say. */
export type IamPrincipal = UserPrincipal | RolePrincipal | FederatedPrincipal

/** The owner of the account. May do everything, in every Region, but what the policy of a bucket denies. */
export interface RootPrincipal {
  readonly kind: 'root'
  readonly account: string
  readonly arn: string
  readonly accessKeyId: string
  /** What temporary credentials of `GetSessionToken` state; undefined when the root key itself signed. */
  readonly session?: SessionFacts
}

export interface UserPrincipal {
  readonly kind: 'user'
  readonly account: string
  /** `arn:aws:iam::<account>:user<path><name>` */
  readonly arn: string
  readonly name: string
  /** `AIDA…`; a user that was deleted and made again has another one. It is `aws:userid`. */
  readonly userId: string
  readonly accessKeyId: string
  /** What temporary credentials of `GetSessionToken` state; undefined when one of the user's own keys signed. */
  readonly session?: SessionFacts
}

/** A role that somebody assumed. */
export interface RolePrincipal {
  readonly kind: 'role'
  readonly account: string
  /** `arn:aws:sts::<account>:assumed-role/<role>/<session>` */
  readonly arn: string
  /** `arn:aws:iam::<account>:role<path><role>` */
  readonly roleArn: string
  readonly name: string
  readonly sessionName: string
  /** `AROA…:<session>`; it is `aws:userid`. A role that was deleted and made again has another one. */
  readonly userId: string
  readonly accessKeyId: string
  readonly session: SessionFacts
}

/** Whom `GetFederationToken` gave credentials: what its issuer may do, narrowed by the session's policies. */
export interface FederatedPrincipal {
  readonly kind: 'federated'
  readonly account: string
  /** `arn:aws:sts::<account>:federated-user/<name>` */
  readonly arn: string
  readonly name: string
  /** `<account>:<name>`; it is `aws:userid`. */
  readonly userId: string
  readonly accessKeyId: string
  /** The user that asked for the token; undefined if it was the root of the account. */
  readonly issuer: { readonly arn: string; readonly name: string; readonly userId: string } | undefined
  readonly session: SessionFacts
}

/** What temporary credentials state beyond whose they are. */
export interface SessionFacts {
  /** Epoch milliseconds; `aws:TokenIssueTime`. */
  readonly issuedAt: number
  /** When the holder proved itself with a second factor, in epoch milliseconds. */
  readonly mfaAt?: number
  /** Session policies: documents as they were handed in, and ARNs of managed ones. Both undefined: not narrowed. */
  readonly policies?: readonly string[]
  readonly policyArns?: readonly string[]
  readonly tags?: Readonly<Record<string, string>>
  readonly transitiveTagKeys?: readonly string[]
  readonly sourceIdentity?: string
  /** The provider whose token was exchanged for these credentials; `aws:FederatedProvider`. */
  readonly federatedProvider?: string
  /** The sign-in at the console that these credentials belong to; they end with it. */
  readonly signIn?: string
  /** The sign-in in which the role was assumed. The role's credentials outlive it, unless it is ended by somebody else. */
  readonly assumedIn?: string
  /** Condition keys that stay with the session, such as `<issuer>:sub` of a web identity. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>
}

/** A managed node with its role's temporary credentials, or with its own key. May only speak for itself. */
export interface NodePrincipal {
  readonly kind: 'node'
  readonly account: string
  readonly region: string
  readonly arn: string
  readonly nodeId: string
  /** The name or ARN of its role, as its activation named it. */
  readonly role: string
  /** The one of its keys that signed the call; undefined when it came with temporary credentials. */
  readonly publicKey?: string
  /** The temporary credentials that it came with; those that were issued later expire later. */
  readonly credentials?: NodeCredentials
}

export interface NodeCredentials {
  /** `ASIA…` */
  readonly id: string
  /** Epoch milliseconds. */
  readonly expires: number
}

/** The caller of an operation that proves itself in another way, such as a registration with its activation code. */
export interface AnonymousPrincipal {
  readonly kind: 'anonymous'
  readonly account: string
  readonly arn: string
}
