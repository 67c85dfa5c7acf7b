/**
 * Whoever may have policies: a user, a group or a role. Policies belong to the id, so they stay through a change of name and are
 * not inherited by another holder that is made later under the same name.
 */
export interface Holder {
  readonly kind: HolderKind
  /** `AIDA…`, `AGPA…`, `AROA…`. */
  readonly id: string
  readonly name: string
  readonly path: string
  readonly arn: string
}

export type HolderKind = 'user' | 'group' | 'role'
