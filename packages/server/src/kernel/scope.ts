/** The account and Region that all state belongs to. A store cannot be made without one. */
export interface Scope {
  readonly account: string
  readonly region: string
}

/** `arn:aws:<service>:<region>:<account>:<resource>` in a scope. */
export function arn(scope: Scope, service: string, resource: string): string {
  return `arn:aws:${service}:${scope.region}:${scope.account}:${resource}`
}

/** What requests and settings may call a Region, whether Amazon has one of that name or not. */
export function isRegion(name: string): boolean {
  return /^[A-Za-z0-9-]{1,64}$/.test(name)
}
