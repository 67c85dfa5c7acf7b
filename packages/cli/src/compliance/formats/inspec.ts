/** Chef InSpec, Cinc Auditor: `inspec exec … --reporter json`. */
import { dateOf, type Finding, NotSuchReport, type Severity, type ToolReport } from '../finding.ts'

interface Result {
  readonly status?: string
  readonly code_desc?: string
  readonly message?: string
  readonly start_time?: string
}

interface Control {
  readonly id?: string
  readonly title?: string | null
  readonly impact?: number
  readonly results?: readonly Result[]
}

export function fromInspec(report: object): ToolReport {
  const { profiles } = report as { profiles?: readonly { controls?: readonly Control[] }[] }
  if (!profiles?.flatMap) throw new NotSuchReport('It has no profiles.')
  const controls = profiles.flatMap(({ controls = [] }) => controls)
  const judged = controls.filter(({ results = [] }) => results.some(({ status }) => status !== 'skipped'))
  return {
    type: 'Custom:Inspec',
    at: dateOf(controls.flatMap(({ results = [] }) => results).find(({ start_time }) => start_time)?.start_time),
    findings: judged.map(toFinding),
    leftOut: controls.length - judged.length,
  }
}

function toFinding({ id = '', title, impact, results = [] }: Control): Finding {
  const failed = results.filter(({ status }) => status === 'failed')
  return {
    id,
    title: title || id,
    compliant: failed.length === 0,
    severity: severityOf(impact),
    text:
      failed.map(({ code_desc, message }) => [code_desc, message].filter(Boolean).join(': ')).join('\n') || undefined,
  }
}

/** InSpec's own grades. */
function severityOf(impact: number | undefined): Severity | undefined {
  if (impact === undefined) return undefined
  if (impact >= 0.9) return 'CRITICAL'
  if (impact >= 0.7) return 'HIGH'
  if (impact >= 0.4) return 'MEDIUM'
  return impact > 0 ? 'LOW' : 'INFORMATIONAL'
}
