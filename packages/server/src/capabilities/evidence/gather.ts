/** Puts together what a report says, a page of nodes at a time, so that neither memory nor anybody else's request feels it. */
import { setImmediate } from 'node:timers/promises'
import { evidenceOfNodes, type NodeEvidence } from '#capabilities/compliance/index.ts'
import { groupsSpelledOut, lookingIn } from '#capabilities/groups/index.ts'
import { type ListedNode, listNodes, targetCondition } from '#capabilities/nodes/index.ts'
import type { TaskContext } from '#kernel/declare.ts'
import { type ContentRow, NEVER_REPORTED } from './content.ts'
import { type Figures, scopeOf } from './evidence-report.ts'
import type { ReportTable } from './tables.ts'
import { Tally, worstOf } from './tally.ts'

const NODES_AT_ONCE = 50

/** The end of the audit trail when a report was begun. */
export interface AuditEnd {
  readonly records: number
  readonly hash: string
}

/** The lines of a report, and its figures at their end. Each node is seen at one moment; the moments of all lie between begin and end. */
export async function* gather(
  context: TaskContext,
  report: ReportTable,
  audit: AuditEnd,
): AsyncGenerator<ContentRow, Figures> {
  const { targets, types } = scopeOf(report)
  yield* facts(report, audit, context.now())
  const tally = new Tally()
  // As of now: who is in a group changes with its tags.
  const spelledOut = await context.read((reader) => groupsSpelledOut(lookingIn(context, reader, report), [...targets]))
  const conditions = spelledOut.map(targetCondition)
  for (let after = ''; ; ) {
    context.signal.throwIfAborted()
    const page = { after, limit: NODES_AT_ONCE }
    const nodes = await context.read((reader) => listNodes(reader, report, conditions, context.now(), page))
    const byId = new Map(nodes.map((node) => [node.nodeId, node]))
    for await (const [nodeId, evidence] of evidenceOfNodes(context.read, report, [...byId.keys()], types)) {
      tally.add(evidence)
      yield* nodeRows(byId.get(nodeId)!, evidence)
      byId.delete(nodeId)
    }
    for (const node of byId.values()) {
      tally.add(undefined)
      yield { ...nodeRow(node), Status: NEVER_REPORTED, Since: node.facts.registeredAt.toISOString() }
    }
    if (nodes.length < NODES_AT_ONCE) break
    after = nodes.at(-1)!.nodeId
    await setImmediate()
  }
  const figures = tally.figures()
  yield* totals(figures)
  yield fact('ReadUntil', context.now().toISOString())
  return figures
}

function* facts(report: ReportTable, audit: AuditEnd, now: Date): Generator<ContentRow> {
  const { targets, types } = scopeOf(report)
  yield fact('ReportId', report.id)
  yield fact('Name', report.name)
  yield fact('Account', report.account)
  yield fact('Region', report.region)
  yield fact('RequestedAt', report.created_at)
  yield fact('RequestedBy', report.requested_by)
  if (report.schedule_name !== null) yield fact('Schedule', report.schedule_name)
  if (report.due_at !== null) yield fact('DueAt', report.due_at)
  yield fact('Targets', targets.length === 0 ? 'all nodes' : targets.map(inWords).join('; '))
  yield fact('ComplianceTypes', types.length === 0 ? 'all types' : types.join(', '))
  yield fact('AuditRecords', String(audit.records))
  yield fact('AuditHash', audit.hash)
  yield fact('ReadFrom', now.toISOString())
}

function inWords({ Key = '', Values = [] }: { Key?: string | undefined; Values?: string[] | undefined }): string {
  return `${Key}=${Values.join(',')}`
}

function fact(Id: string, Value: string): ContentRow {
  return { Record: 'Report', Id, Value }
}

function nodeRow({ nodeId, facts }: ListedNode): ContentRow {
  return { Record: 'Node', InstanceId: nodeId, NodeName: facts.name ?? facts.computerName ?? '' }
}

function* nodeRows(node: ListedNode, evidence: NodeEvidence): Generator<ContentRow> {
  const common = nodeRow(node)
  const worst = worstOf(evidence)
  yield { ...common, Status: worst ? 'NON_COMPLIANT' : 'COMPLIANT', Severity: worst ?? '' }
  for (const type of evidence.types)
    yield {
      ...common,
      Record: 'Type',
      ComplianceType: type.type,
      Severity: type.status === 'COMPLIANT' ? '' : type.severity,
      Status: type.status,
      Since: type.since,
      ExecutionTime: type.executionTime,
      ExecutionId: type.executionId,
      CompliantItems: String(type.compliantItems),
      NonCompliantItems: String(type.failingItems),
    }
  for (const item of evidence.failing)
    yield {
      ...common,
      Record: 'Item',
      ComplianceType: item.type,
      Id: item.id,
      Title: item.title,
      Severity: item.severity,
      Status: 'NON_COMPLIANT',
      Since: item.since,
      ExecutionTime: item.executionTime,
      ExecutionId: item.executionId,
    }
}

function* totals({ nodes, types }: Figures): Generator<ContentRow> {
  const total = (Id: string, value: number, more: Partial<ContentRow> = {}): ContentRow => ({
    ...more,
    Record: 'Total',
    Id,
    Value: String(value),
  })
  yield total('Nodes', nodes.Total)
  yield total('NodesReporting', nodes.Reporting)
  yield total('NodesCompliant', nodes.Compliant)
  yield total('NodesNonCompliant', nodes.NonCompliant)
  yield total('NodesNeverReported', nodes.NeverReported)
  for (const type of types) {
    const of = { ComplianceType: type.ComplianceType }
    yield total('NodesCompliant', type.Compliant, of)
    yield total('NodesNonCompliant', type.NonCompliant, of)
    for (const { Severity, Nodes } of type.Severities) yield total('NodesNonCompliant', Nodes, { ...of, Severity })
    yield total('ItemsCompliant', type.CompliantItems, of)
    yield total('ItemsNonCompliant', type.NonCompliantItems, of)
  }
}
