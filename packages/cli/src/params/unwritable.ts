/** What is known to be refused before it is asked for, by the rules of the server's capabilities/parameters (name.ts, value.ts, parameter.ts). */
import type { Wanted } from './parameter-file.ts'

const LEVELS = 15
const SEGMENTS = /^\/?[a-zA-Z0-9_.-]+(?:\/[a-zA-Z0-9_.-]+)*$/
/** Of a value, in bytes. */
export const STANDARD_BYTES = 4096
const ADVANCED_BYTES = 8192

/** Why nothing can be written under this name; undefined if it can. */
export function badName(name: string): string | undefined {
  if (/^\/?(?:aws|ssm)/i.test(name)) return 'names do not begin with aws or ssm'
  if (!SEGMENTS.test(name)) return 'names are letters, digits and . - _, with slashes between levels'
  if (!name.startsWith('/') && name.includes('/')) return 'a name with levels begins with a slash'
  if (name.split('/').length - (name.startsWith('/') ? 1 : 0) > LEVELS) return `names have at most ${LEVELS} levels`
  return undefined
}

/** Why no parameter can have this value; undefined if one can. The value itself may be a secret. */
export function badValue(value: string): string | undefined {
  if (value === '') return 'its value is empty'
  if (/\{\{[\s\S]*\}\}/.test(value)) return 'its value has {{…}} in it, which stands for other parameters'
  const bytes = Buffer.byteLength(value)
  return bytes > ADVANCED_BYTES ? `its value is ${bytes} bytes long, and ${ADVANCED_BYTES} are the most` : undefined
}

/** Whether it depends on the tier that the value can be written. */
export function needsTier({ value }: Wanted): boolean {
  return Buffer.byteLength(value) > STANDARD_BYTES
}

/** Why the tier that the parameter has or gets does not take the value; undefined if it does, or if the tier is not known. */
export function badTier(wanted: Wanted, tier: string | undefined): string | undefined {
  if (tier !== 'Standard' || !needsTier(wanted)) return undefined
  return `its value is ${Buffer.byteLength(wanted.value)} bytes long; more than ${STANDARD_BYTES} take the tier Advanced, which a JSON file may say`
}
