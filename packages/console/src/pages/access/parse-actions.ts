/** Condition keys that every request has. */
const EVERYWHERE = [
  'aws:CurrentTime',
  'aws:MultiFactorAuthAge',
  'aws:MultiFactorAuthPresent',
  'aws:PrincipalArn',
  'aws:PrincipalTag/KEY',
  'aws:PrincipalType',
  'aws:RequestedRegion',
  'aws:ResourceTag/KEY',
  'aws:SecureTransport',
  'aws:SourceIp',
  'aws:TokenIssueTime',
  'aws:username',
]

interface Known {
  readonly resources: Set<string>
  readonly keys: Set<string>
}

/** Reads `docs/authorization.txt`: operation, how callers prove themselves, action, resource, condition keys. */
export function parseActions(table: string) {
  const known = new Map<string, Known>()
  for (const line of table.split('\n')) {
    const [operation, , action, resource, ...keys] = line.trim().split(/\s+/)
    if (!operation?.includes(':') || operation.startsWith('#') || !action?.includes(':') || !resource) continue
    const one = known.get(action) ?? { resources: new Set(), keys: new Set() }
    one.resources.add(resource)
    for (const key of keys) if (key.includes(':')) one.keys.add(key.replace(/\{\w+\}/, 'KEY'))
    known.set(action, one)
  }
  const actions = [...known.keys()].sort()
  const matching = (patterns: readonly string[]) =>
    actions.filter((action) => patterns.some((one) => covers(one, action)))
  return {
    actions,
    /** Patterns of ARNs that the actions are about. `account` and `region` are filled in; other names become `*`. */
    resourcesOf(patterns: readonly string[], { account, region }: { account: string; region: string }): string[] {
      const found = matching(patterns).flatMap((action) => [...known.get(action)!.resources])
      const filled = found
        .filter((resource) => resource.startsWith('arn:'))
        .map((resource) =>
          resource
            .replaceAll('{account}', account)
            .replaceAll('{region}', region)
            .replace(/\{[^}]*\}/g, '*'),
        )
      return ['*', ...new Set(filled.sort())]
    },
    /** The condition keys that the actions bring along, and those of every request. */
    keysOf(patterns: readonly string[]): string[] {
      const own = matching(patterns).flatMap((action) => [...known.get(action)!.keys])
      return [...new Set([...own.sort(), ...EVERYWHERE])]
    },
  }
}

/** Whether a pattern with `*` and `?` means the action; case does not matter. */
export function covers(pattern: string, action: string): boolean {
  const source = pattern
    .replace(/[\\^$.+()|[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 'i').test(action)
}
