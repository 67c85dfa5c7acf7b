import { quoteForSh } from '@steward/session-client/node-script.ts'

export const FORMATS = ['sh', 'fish', 'json'] as const

export type Format = (typeof FORMATS)[number]

/** Lines for a shell to evaluate, or one JSON object. `null` unsets. */
export function shellExports(variables: Readonly<Record<string, string | null>>, format: Format): string {
  if (format === 'json') return `${JSON.stringify(variables, null, 2)}\n`
  const line = format === 'sh' ? shLine : fishLine
  return Object.entries(variables)
    .map(([name, value]) => `${line(name, value)}\n`)
    .join('')
}

function shLine(name: string, value: string | null): string {
  return value === null ? `unset ${name}` : `export ${name}=${quoteForSh(value)}`
}

function fishLine(name: string, value: string | null): string {
  return value === null ? `set -e ${name}` : `set -gx ${name} ${quoteForFish(value)}`
}

function quoteForFish(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
