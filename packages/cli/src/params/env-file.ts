/** Files of `NAME=value` lines, as shells and containers read them. */
import { UsageFault } from '#fault.ts'

export interface Variable {
  readonly name: string
  readonly value: string
}

/** Throws UsageFault with the line that is none. */
export function parseEnvFile(text: string): Variable[] {
  return [...lines(text)].map(([line, number]) => {
    const [, name, raw = ''] = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*=([\s\S]*)$/.exec(line) ?? []
    if (!name) throw new UsageFault(`Line ${number} is not NAME=VALUE.`)
    return { name, value: unquoted(raw.trim()) }
  })
}

/** Lines that say something; a quoted value may go over several. */
function* lines(text: string): Generator<[string, number]> {
  const all = text.split(/\r?\n/)
  for (let index = 0; index < all.length; index++) {
    const number = index + 1
    let line = all[index]!
    if (/^\s*(?:#|$)/.test(line)) continue
    while (isOpen(line) && index + 1 < all.length) line += `\n${all[++index]!}`
    yield [line, number]
  }
}

function isOpen(line: string): boolean {
  const quoted = /=\s*(["'])([\s\S]*)$/.exec(line)
  if (!quoted) return false
  const [, quote, rest] = quoted
  return quote === "'" ? !rest!.includes("'") : !/(?:^|[^\\])(?:\\\\)*"/.test(rest!)
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

function unquoted(text: string): string {
  const single = /^'([^']*)'/.exec(text)
  if (single) return single[1]!
  const double = /^"((?:\\[\s\S]|[^"\\])*)"/.exec(text)
  if (double) return double[1]!.replace(/\\([\s\S])/g, (_, char: string) => ESCAPES[char] ?? char)
  return text.replace(/\s+#.*$/, '')
}

/** One line for each, quoted where it must be; {@link parseEnvFile} reads the same values back. */
export function formatEnvFile(variables: readonly Variable[]): string {
  return variables.map(({ name, value }) => `${name}=${quoted(value)}\n`).join('')
}

function quoted(value: string): string {
  if (/^[A-Za-z0-9_./:@%+,=-]*$/.test(value)) return value
  if (!value.includes("'") && !/[\r\n]/.test(value)) return `'${value}'`
  const escaped = value
    .replace(/["\\$`]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
  return `"${escaped}"`
}

/** What a parameter is called as a variable: the rest of its name under `path`. */
export function variableName(path: string, name: string): string {
  const rest = path !== '/' && name.startsWith(`${path}/`) ? name.slice(path.length) : name
  const variable = rest
    .replace(/^\//, '')
    .replace(/[^A-Za-z0-9]/g, '_')
    .toUpperCase()
  return /^\d/.test(variable) ? `_${variable}` : variable
}
