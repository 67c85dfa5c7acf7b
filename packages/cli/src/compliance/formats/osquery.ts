/** Policies of osquery, as its managers (Fleet) answer them for a host: a list, or an object with `policies`, perhaps in `host`. */
import { type Finding, NotSuchReport, type ToolReport } from '../finding.ts'

interface Policy {
  readonly id?: number | string
  readonly name?: string
  readonly description?: string
  readonly critical?: boolean
  readonly response?: string
}

export function fromOsquery(report: object): ToolReport {
  const { host, policies } = report as { host?: { policies?: readonly Policy[] }; policies?: readonly Policy[] }
  const all = Array.isArray(report) ? (report as readonly Policy[]) : (host?.policies ?? policies)
  if (!Array.isArray(all) || !all.every(isPolicy)) throw new NotSuchReport('It has no policies with a response.')
  const judged = all.filter(({ response }) => response === 'pass' || response === 'fail')
  return { type: 'Custom:Osquery', at: undefined, findings: judged.map(toFinding), leftOut: all.length - judged.length }
}

function isPolicy(value: unknown): value is Policy {
  return typeof value === 'object' && value !== null && 'response' in value
}

function toFinding({ id, name = '', description, critical, response }: Policy): Finding {
  return {
    id: String(id ?? name),
    title: name,
    compliant: response === 'pass',
    severity: critical ? 'CRITICAL' : undefined,
    text: description,
  }
}
