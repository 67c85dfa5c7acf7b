/** A report on paper: what it is about, the figures, what is not compliant, who never reported, who signed. */
import type { EvidenceSignOff } from '@steward/model/generated/steward.ts'
import { type Cell, PALE, Paper } from './paper.ts'
import type { PdfAsked } from './render-pdf.ts'
import { LISTED, type ReportView } from './report-view.ts'

const COLOURS: Readonly<Record<string, string>> = {
  CRITICAL: '#870303',
  HIGH: '#c33d0f',
  MEDIUM: '#906806',
  Rejected: '#870303',
  Accepted: '#067f37',
}

export async function drawReport(view: ReportView, asked: Omit<PdfAsked, 'content'>): Promise<Buffer> {
  const name = fact(view, 'Name')
  const paper = new Paper(name, new Date(asked.completedAt))
  paper.text('Compliance evidence', { colour: PALE, size: 10 })
  paper.title(name)
  paper.space(8)
  paper.facts(factsOf(view, asked))
  drawFigures(paper, view)
  drawTypes(paper, view)
  drawItems(paper, view)
  drawSilent(paper, view)
  paper.newPage()
  drawSignOffs(paper, asked)
  if (paper.lacked) {
    paper.heading('Characters')
    paper.text(
      'Characters that the font of this file lacks stand as their code points, such as [U+78C1]. The CSV file has them as they are.',
    )
  }
  return paper.finish(`${fact(view, 'ReportId')}   SHA-256 ${asked.digest.slice(0, 16)}…`)
}

function factsOf(view: ReportView, { digest }: Pick<PdfAsked, 'digest'>): [string, string][] {
  const optional = (label: string, id: string): [string, string][] => {
    const value = view.facts.get(id)
    return value === undefined ? [] : [[label, id === 'DueAt' ? time(value) : value]]
  }
  return [
    ['Report', fact(view, 'ReportId')],
    ['Account and Region', `${fact(view, 'Account')}, ${fact(view, 'Region')}`],
    ['Nodes', fact(view, 'Targets')],
    ['Compliance types', fact(view, 'ComplianceTypes')],
    ['Requested by', `${fact(view, 'RequestedBy')}, ${time(fact(view, 'RequestedAt'))}`],
    ...optional('Schedule', 'Schedule'),
    ...optional('Due', 'DueAt'),
    ['State as of', `${time(fact(view, 'ReadFrom'))} to ${time(fact(view, 'ReadUntil'))}`],
    ['Audit trail', `${fact(view, 'AuditRecords')} records, the last with the hash ${fact(view, 'AuditHash')}`],
    ['SHA-256 of the CSV file', digest],
  ]
}

function drawFigures(paper: Paper, { totals }: ReportView): void {
  const number = (id: string) => count(totals.get(id) ?? '0')
  paper.space(18)
  paper.numbers([
    ['nodes in scope', number('Nodes')],
    ['have reported', number('NodesReporting')],
    ['compliant', number('NodesCompliant')],
    ['not compliant', number('NodesNonCompliant')],
    ['never reported', number('NodesNeverReported')],
  ])
}

const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const

function drawTypes(paper: Paper, { types }: ReportView): void {
  paper.heading('By type')
  if (types.size === 0) {
    paper.text('No node in scope has reported anything that this report is about.')
    return
  }
  const numeric = (title: string, share: number) => ({ title, share, align: 'right' as const })
  const columns = [
    { title: 'Type', share: 0.25 },
    numeric('Compliant nodes', 0.11),
    numeric('Not compliant', 0.11),
    numeric('Critical', 0.1),
    numeric('High', 0.08),
    numeric('Medium', 0.1),
    numeric('Low', 0.08),
    numeric('Other', 0.08),
    numeric('Items', 0.09),
  ]
  const rows = types.values().map(({ type, compliant, nonCompliant, failingItems, severities }) => {
    const of = SEVERITIES.map((severity) => Number(severities.get(severity) ?? 0))
    const other = Number(nonCompliant) - of.reduce((sum, nodes) => sum + nodes, 0)
    const numbers = [compliant, nonCompliant, ...of, other, failingItems]
    return [{ text: type }, ...numbers.map((number): Cell => ({ text: count(String(number)) }))]
  })
  paper.table(columns, rows)
  paper.space(4)
  paper.text(
    'A node counts once for each type, by its most severe item that is not compliant. Items: those that are not compliant.',
    { colour: PALE, size: 7.5 },
  )
}

function drawItems(paper: Paper, { items, itemCount }: ReportView): void {
  paper.heading('Not compliant')
  if (itemCount === 0) {
    paper.text('Nothing that was reported is not compliant.')
    return
  }
  if (itemCount > LISTED) cut(paper, itemCount)
  const columns = [
    { title: 'Node', share: 0.26 },
    { title: 'Severity', share: 0.14 },
    { title: 'Item', share: 0.34 },
    { title: 'Since', share: 0.13 },
    { title: 'Last checked', share: 0.13 },
  ]
  const rows = items
    .values()
    .map((item) => [
      { text: nodeText(item), once: true },
      { text: item.Severity!, colour: COLOURS[item.Severity!] ?? PALE },
      { text: [item.Title, item.Id, item.ComplianceType].filter(Boolean).join(' · ') },
      { text: item.Since ? time(item.Since) : 'before this was kept', ...(!item.Since && { colour: PALE }) },
      { text: time(item.ExecutionTime!) },
    ])
  paper.table(columns, rows)
}

function drawSilent(paper: Paper, { silent, silentCount }: ReportView): void {
  paper.heading('Never reported')
  if (silentCount === 0) {
    paper.text('Every node in scope has reported.')
    return
  }
  paper.text('Nothing is known of the compliance of these nodes.')
  paper.space(4)
  if (silentCount > LISTED) cut(paper, silentCount)
  const columns = [
    { title: 'Node', share: 0.6 },
    { title: 'Registered', share: 0.4 },
  ]
  paper.table(
    columns,
    silent.values().map((row) => [{ text: nodeText(row) }, { text: time(row.Since!) }]),
  )
}

function drawSignOffs(paper: Paper, { signOffs, digest }: Pick<PdfAsked, 'signOffs' | 'digest'>): void {
  paper.text('Sign-off', { size: 16, bold: true })
  paper.space(8)
  paper.text('What is signed is the CSV file of this report, by its SHA-256 digest:')
  paper.space(4)
  paper.text(digest, { bold: true, size: 8.5 })
  paper.space(4)
  paper.text(
    'The CSV file is the same if sha256sum prints this digest for it. Every sign-off below is on the audit trail as SignEvidenceReport.',
  )
  paper.space(12)
  if (signOffs.length === 0) paper.text('Nobody had signed when this file was made.', { colour: PALE })
  else paper.table(SIGN_OFF_COLUMNS, signOffs.map(signOffRow))
  paper.heading('By hand')
  paper.blanks(['Name', 'Date', 'Signature'])
  paper.blanks(['Name', 'Date', 'Signature'])
}

const SIGN_OFF_COLUMNS = [
  { title: 'Signed by', share: 0.36 },
  { title: 'At', share: 0.14 },
  { title: 'Statement', share: 0.14 },
  { title: 'Comment', share: 0.36 },
]

function signOffRow({ Signer, SignedAt, Statement, Comment = '' }: EvidenceSignOff): Cell[] {
  return [
    { text: Signer },
    { text: time(SignedAt.toISOString()) },
    { text: Statement, bold: true, colour: COLOURS[Statement]! },
    { text: Comment },
  ]
}

function cut(paper: Paper, all: number): void {
  paper.text(`The first ${count(String(LISTED))} of ${count(String(all))} are listed here; the CSV file has all.`)
  paper.space(4)
}

function nodeText({ InstanceId, NodeName }: { InstanceId?: string; NodeName?: string }): string {
  return NodeName ? `${NodeName} ${InstanceId}` : InstanceId!
}

function fact({ facts }: ReportView, id: string): string {
  return facts.get(id) ?? ''
}

/** `2026-11-21 10:10:10 UTC` */
function time(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`
}

function count(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',')
}
