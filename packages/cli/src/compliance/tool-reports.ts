import { Fault } from '#fault.ts'
import { NotSuchReport, type ToolReport } from './finding.ts'
import { fromAnsible } from './formats/ansible.ts'
import { fromInspec } from './formats/inspec.ts'
import { fromOsquery } from './formats/osquery.ts'
import { fromPuppet } from './formats/puppet.ts'
import { fromXccdf } from './formats/xccdf.ts'

type Read = (text: string, host: string | undefined) => ToolReport

const READERS = {
  inspec: (text) => fromInspec(objectIn(text)),
  xccdf: (text) => fromXccdf(text),
  ansible: (text, host) => fromAnsible(objectIn(text), host),
  osquery: (text) => fromOsquery(objectIn(text)),
  puppet: (text) => fromPuppet(text),
} as const satisfies Record<string, Read>

export type ToolFormat = keyof typeof READERS

export const TOOL_FORMATS = Object.keys(READERS) as ToolFormat[]

/** What a file says, which one of these tools wrote. Throws Fault. */
export function readToolReport(text: string, format: ToolFormat | undefined, host: string | undefined): ToolReport {
  const chosen = format ?? formatOf(text)
  try {
    return READERS[chosen](text, host)
  } catch (cause) {
    if (!(cause instanceof NotSuchReport || cause instanceof SyntaxError)) throw cause
    throw new Fault(`This is no report of ${chosen}. ${cause.message}`, { exitCode: 1, cause })
  }
}

/** Whatever JSON says, but for null. */
function objectIn(text: string): object {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null) throw new NotSuchReport('It is no object.')
  return value
}

function formatOf(text: string): ToolFormat {
  const start = text.trimStart()
  if (start.startsWith('<')) return 'xccdf'
  if (!/^[[{]/.test(start)) return 'puppet'
  if (/"resource_statuses"\s*:/.test(text)) return 'puppet'
  if (/"plays"\s*:/.test(text)) return 'ansible'
  return /"profiles"\s*:/.test(text) ? 'inspec' : 'osquery'
}
