/** What rules wait for and lead to, in words. */

/** What a pattern asks for, the most telling part first; the pattern itself is a click away. */
export function patternInWords(pattern: string): string {
  const parsed = parsedObject(pattern)
  const detail = (parsed.detail ?? {}) as Record<string, unknown>
  const parts = [
    ...valuesOf(parsed['detail-type']),
    ...Object.entries(detail).map(([name, value]) => condition(name, value)),
  ]
  return parts.length > 0 ? parts.join(', ') : valuesOf(parsed.source).join(', ') || pattern
}

function condition(name: string, value: unknown): string {
  const values = valuesOf(value)
  return values.length > 0 ? `${name} ${values.join(' or ')}` : name
}

function valuesOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))) : []
}

function parsedObject(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) as Record<string, unknown>) ?? {}
  } catch {
    return {}
  }
}

export type TargetKind = 'webhook' | 'topic' | 'logs' | 'document' | 'other'

export function kindOf(arn: string): TargetKind {
  const [, , service, , , resource = ''] = arn.split(':', 6)
  if (service === 'events' && resource.startsWith('api-destination/')) return 'webhook'
  if (service === 'sns') return 'topic'
  if (service === 'logs') return 'logs'
  return service === 'ssm' && resource.startsWith('document/') ? 'document' : 'other'
}

/** The name by which people know a target. */
export function targetName(arn: string): string {
  const resource = arn.split(':').slice(5).join(':')
  switch (kindOf(arn)) {
    case 'webhook':
    case 'document':
      return resource.split('/')[1] ?? resource
    case 'logs':
      return resource.replace(/^log-group:/, '').replace(/:\*$/, '')
    default:
      return resource
  }
}
