import type { Io } from '#io.ts'
import { pages } from '#pages.ts'
import { apiOf } from '#params/parameters.ts'

export interface RemediateOptions {
  readonly type: string
  readonly document: string
  readonly param: Readonly<Record<string, string[]>>
  readonly severity?: readonly string[]
  readonly dryRun?: boolean
}

/** Nodes that one command takes by their ids. */
const NODES_OF_COMMAND = 50

/** Sends a document to exactly the nodes that are not compliant with a type (CMP-08), and prints the ids of the commands. */
export async function complianceRemediate(io: Io, options: RemediateOptions): Promise<void> {
  const { type, document, param, severity, dryRun } = options
  const api = apiOf(io)
  const Filters = [
    { Key: 'ComplianceType', Values: [type] },
    { Key: 'Status', Values: ['NON_COMPLIANT'] },
    ...(severity ? [{ Key: 'OverallSeverity', Values: [...severity] }] : []),
  ]
  const failing = await pages(
    (NextToken) => api.ssm('ListResourceComplianceSummaries', { Filters, NextToken }),
    ({ ResourceComplianceSummaryItems }) => ResourceComplianceSummaryItems,
  )
  const nodes = failing.map(({ ResourceId }) => ResourceId!)
  if (dryRun) io.stdout.write(nodes.map((node) => `${node}\n`).join(''))
  for (let start = 0; start < nodes.length && !dryRun; start += NODES_OF_COMMAND) {
    const InstanceIds = nodes.slice(start, start + NODES_OF_COMMAND)
    const Comment = `Remediates ${type}`.slice(0, 100)
    const { Command } = await api.ssm('SendCommand', {
      DocumentName: document,
      InstanceIds,
      Parameters: param,
      Comment,
    })
    io.stdout.write(`${Command!.CommandId}\n`)
  }
  const sent = dryRun ? 'would be sent' : 'was sent'
  const count = nodes.length === 1 ? '1 node' : `${nodes.length} nodes`
  io.stderr.write(nodes.length > 0 ? `${document} ${sent} to ${count}.\n` : 'No such node: all are compliant.\n')
}
