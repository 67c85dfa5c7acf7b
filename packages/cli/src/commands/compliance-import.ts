import { readFile } from 'node:fs/promises'
import type { ssm } from '@steward/model'
import type { Wire } from '#api.ts'
import type { Finding, Severity } from '#compliance/finding.ts'
import { readToolReport, type ToolFormat } from '#compliance/tool-reports.ts'
import { Fault } from '#fault.ts'
import type { Io } from '#io.ts'
import { apiOf, textOf } from '#params/parameters.ts'

export interface ImportOptions {
  readonly node: string
  readonly format?: ToolFormat
  readonly type?: string
  readonly severity: Severity
  readonly host?: string
  readonly dryRun?: boolean
}

const LONGEST = { title: 500, text: 4096 }

/** Puts what a tool found as the items of one compliance type on a node, in the place of those that were there. */
export async function complianceImport(io: Io, file: string, options: ImportOptions): Promise<void> {
  const { node, format, severity, host, dryRun } = options
  const report = readToolReport(await textIn(io, file), format, host)
  const ComplianceType = options.type ?? report.type
  const Items = toItems(report.findings, severity)
  if (!dryRun)
    await apiOf(io).ssm('PutComplianceItems', {
      ResourceId: node,
      ResourceType: 'ManagedInstance',
      ComplianceType,
      ExecutionSummary: { ExecutionTime: (report.at ?? new Date()).getTime() / 1000, ExecutionType: 'Import' },
      Items,
    })
  const failing = Items.filter(({ Status }) => Status === 'NON_COMPLIANT')
  for (const { Id, Severity } of failing) io.stdout.write(`${Severity.padEnd(13)} ${Id}\n`)
  const counts = [`${Items.length - failing.length} compliant`, `${failing.length} not`, `${report.leftOut} left out`]
  io.stdout.write(`${ComplianceType} on ${node}: ${counts.join(', ')}${dryRun ? '; nothing was put' : ''}.\n`)
}

/** Ids that come more than once, as those of tasks do, are numbered. */
export function toItems(
  findings: readonly Finding[],
  severity: Severity,
): (Wire<ssm.ComplianceItemEntry> & { Id: string })[] {
  const seen = new Map<string, number>()
  return findings.map((finding) => {
    const nth = (seen.get(finding.id) ?? 0) + 1
    seen.set(finding.id, nth)
    return {
      Id: nth === 1 ? finding.id : `${finding.id} (${nth})`,
      Title: finding.title.slice(0, LONGEST.title),
      Severity: finding.severity ?? severity,
      Status: finding.compliant ? 'COMPLIANT' : 'NON_COMPLIANT',
      ...(finding.text && { Details: { DetailedText: finding.text.slice(0, LONGEST.text) } }),
    }
  })
}

async function textIn(io: Io, file: string): Promise<string> {
  if (file === '-') return textOf(io.stdin)
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new Fault(`${file} cannot be read: ${(cause as Error).message}`, { exitCode: 1, cause })
  }
}
