/** Who makes a call, as the door has proven it. */
export type Principal = RootPrincipal | NodePrincipal | AnonymousPrincipal

/** The owner of the account. May do everything, in every Region. */
export interface RootPrincipal {
  readonly kind: 'root'
  readonly account: string
  readonly arn: string
  readonly accessKeyId: string
}

/** A managed node with its role's temporary credentials, or with its own key. May only speak for itself. */
export interface NodePrincipal {
  readonly kind: 'node'
  readonly account: string
  readonly region: string
  readonly arn: string
  readonly nodeId: string
  /** The one of its keys that signed the call; undefined when it came with temporary credentials. */
  readonly publicKey?: string
}

/** The caller of an operation that proves itself in another way, such as a registration with its activation code. */
export interface AnonymousPrincipal {
  readonly kind: 'anonymous'
  readonly account: string
  readonly arn: string
}
