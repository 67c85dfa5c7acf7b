/** How a capability declares what those who watch are told of (EVT-07). */

/**
 * Something whose changes are told to whoever watches and may read it. Transactions say what they change with `noteChange`; a call that
 * writes and has said nothing counts as a change of all kinds of its capability.
 */
export interface ChangeKind {
  readonly kind: string
  /** The action, on all resources, without which nobody is told. */
  readonly read: string
  /** The same in all Regions. */
  readonly isGlobal?: boolean
  /**
   * What a call that has said nothing changed: the id for the resource part of an ARN that it was allowed on. A call without such a
   * resource did not change this kind; without the function, it changed something of it.
   */
  idOf?(resource: string): string | undefined
}

/** The id of resources whose ARN goes on, after the account, with `prefix`. */
export function afterPrefix(prefix: string): NonNullable<ChangeKind['idOf']> {
  return (resource) => (resource.startsWith(prefix) ? resource.slice(prefix.length) : undefined)
}
