/**
 * Puppet and OpenVox: the report of the last run (`last_run_report.yaml`, or as JSON). Of the YAML, which is always laid out the same by
 * the agent, only the states of resources are read, line by line.
 */
import { dateOf, type Finding, NotSuchReport, type ToolReport } from '../finding.ts'

interface ResourceState {
  readonly failed?: boolean
  readonly failed_to_restart?: boolean
  readonly out_of_sync?: boolean
  readonly changed?: boolean
  readonly skipped?: boolean
}

/** What Puppet puts into every catalogue by itself. */
const OWN = /^(?:Schedule|Filebucket)\[/

export function fromPuppet(text: string): ToolReport {
  const { states, time } = text.trimStart().startsWith('{') ? fromJson(text) : fromYaml(text)
  const resources = Object.entries(states).filter(([reference]) => !OWN.test(reference))
  if (resources.length === 0 && Object.keys(states).length === 0)
    throw new NotSuchReport('It has no resource_statuses.')
  const judged = resources.filter(([, { skipped }]) => !skipped)
  return {
    type: 'Custom:Puppet',
    at: dateOf(time),
    findings: judged.map(([reference, state]) => toFinding(reference, state)),
    leftOut: resources.length - judged.length,
  }
}

/** Out of sync and changed: it has been brought back. */
function toFinding(reference: string, state: ResourceState): Finding {
  const failed = state.failed || state.failed_to_restart
  const drifted = state.out_of_sync && !state.changed
  const text = failed ? 'failed' : drifted ? 'out of sync' : undefined
  return { id: reference, title: reference, compliant: text === undefined, severity: undefined, text }
}

function fromJson(text: string): { states: Record<string, ResourceState>; time: string | undefined } {
  const report = JSON.parse(text) as { resource_statuses?: Record<string, ResourceState>; time?: string }
  return { states: report.resource_statuses ?? {}, time: report.time }
}

function fromYaml(text: string): { states: Record<string, ResourceState>; time: string | undefined } {
  const states: Record<string, Record<string, boolean>> = {}
  const time = /^time: ['"]?([^'"\n]+)/m.exec(text)?.[1]
  let reads = false
  let current: Record<string, boolean> | undefined
  for (const line of text.split('\n')) {
    if (/^\S/.test(line)) reads = line.startsWith('resource_statuses:')
    if (!reads) continue
    const reference = /^ {2}(\S.*?):(?: !ruby\S*)?$/.exec(line)?.[1]
    const [, name, value] = /^ {4}(\w+): (true|false)$/.exec(line) ?? []
    if (reference) current = states[unquoted(reference)] = {}
    else if (current && name) current[name] = value === 'true'
  }
  return { states, time }
}

function unquoted(key: string): string {
  const [, text] = /^(?:'(.*)'|"(.*)")$/.exec(key) ?? []
  return (text ?? key).replaceAll("''", "'")
}
