/** Where things have their pages, by their ARNs. */

interface Kind {
  readonly arn: RegExp
  readonly page: (name: string) => string
}

const named = (path: string, name: string, key = 'name') => `${path}?${new URLSearchParams({ [key]: name })}`

const NODE = /^arn:[^:]+:(?:ssm|ec2):.*:(?:managed-)?instance\/(.+)$/

const KINDS: readonly Kind[] = [
  { arn: NODE, page: (id) => `/nodes/${encodeURIComponent(id)}` },
  { arn: /^arn:[^:]+:ssm:.*:association\/(.+)$/, page: (id) => `/associations/${encodeURIComponent(id)}` },
  { arn: /^arn:[^:]+:ssm:.*:document\/(.+)$/, page: (name) => named('/documents/show', name) },
  { arn: /^arn:[^:]+:ssm:.*:parameter(\/.+\/.+)$/, page: (name) => named('/parameters/show', name) },
  { arn: /^arn:[^:]+:ssm:.*:parameter\/([^/]+)$/, page: (name) => named('/parameters/show', name) },
  { arn: /^arn:[^:]+:kms:.*:key\/(.+)$/, page: (id) => named('/keys/show', id, 'key') },
  { arn: /^arn:[^:]+:events:.*:rule\/(.+)$/, page: (name) => named('/events/rule', name) },
  { arn: /^arn:[^:]+:resource-groups:.*:group\/(.+)$/, page: (name) => named('/groups/show', name) },
]

export function resourcePage(arn: string): string | undefined {
  for (const { arn: pattern, page } of KINDS) {
    const name = pattern.exec(arn)?.[1]
    if (name !== undefined) return page(name)
  }
  return undefined
}

/** What people call it: the last part of its ARN. */
export function resourceName(arn: string): string {
  const [, , , , , ...rest] = arn.split(':')
  const resource = rest.join(':')
  const parameter = /^parameter(\/.*)$/.exec(resource)?.[1]
  return parameter ?? resource.replace(/^[a-z-]+[/:](?=.)/, '')
}

/** The id of the node that an ARN names, if it names one. */
export function nodeOfArn(arn: string): string | undefined {
  return NODE.exec(arn)?.[1]
}
