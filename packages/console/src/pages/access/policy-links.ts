/** The page of a managed policy, within the console. */
export function policyPath(arn: string): string {
  return `/access/policy?${new URLSearchParams({ arn })}`
}

/** The simulator, asked about a principal. */
export function simulatorPath(principal: string): string {
  return `/access/simulator?${new URLSearchParams({ principal })}`
}

/** The audit trail of a principal. */
export function auditPath(name: string): string {
  return `/audit?${new URLSearchParams({ f: `principal~:~${name}` })}`
}
