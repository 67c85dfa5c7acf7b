/** Policies as they are once parsed; `iam/policy` parses, compiles and evaluates them. Plain data, safe to keep and to share. */
import type { Position } from './text-position.ts'

/** A policy document whose grammar was checked. Made by `parsePolicy` only. */
export interface ParsedPolicy {
  /** Without a `Version` a document is of 2008-10-17, in which `${…}` is ordinary text. */
  readonly version: '2008-10-17' | '2012-10-17'
  readonly id: string | undefined
  readonly statements: readonly Statement[]
}

export interface Statement {
  readonly sid: string | undefined
  readonly effect: 'Allow' | 'Deny'
  readonly principals: Matched<Principals> | undefined
  /** Patterns as written, such as `ssm:Get*`. */
  readonly actions: Matched<readonly string[]>
  /** Undefined in trust policies, which apply to the role they belong to. */
  readonly resources: Matched<readonly string[]> | undefined
  readonly conditions: readonly Condition[]
  /** Where it begins and ends in the document. */
  readonly start: Position
  readonly end: Position
}

/** `negated`: written with `Not…`, so what is listed is what does not match. */
export interface Matched<T> {
  readonly negated: boolean
  readonly listed: T
}

/** By kind: `AWS`, `Service`, `Federated`, `CanonicalUser`. `"Principal": "*"` is `{ AWS: ['*'] }`. */
export type Principals = Readonly<Record<string, readonly string[]>>

export interface Condition {
  /** As written, such as `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string
  readonly key: string
  readonly values: readonly string[]
}

/** A policy with what people know it by. */
export interface AttachedPolicy {
  /** The name of the policy, or its ARN if it is a managed one. */
  readonly name: string
  /** What the decision calls it. An inline policy is of the kind of principal that it is written in. */
  readonly source: 'user' | 'group' | 'role' | 'aws-managed' | 'user-managed' | 'resource' | 'session'
  /** The name of the user, group or role that an inline policy is written in. */
  readonly holder?: string
  readonly policy: ParsedPolicy
}
