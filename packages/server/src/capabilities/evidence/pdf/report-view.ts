/** What a PDF shows of a content: all figures, and the first of what is listed. */
import { type ContentRow, NEVER_REPORTED, rowsOf } from '../content.ts'

/** What is listed of each kind; the CSV has all. */
export const LISTED = 1_000

/** How a type does. */
export interface TypeView {
  readonly type: string
  compliant: string
  nonCompliant: string
  failingItems: string
  readonly severities: Map<string, string>
}

export class ReportView {
  readonly facts = new Map<string, string>()
  readonly totals = new Map<string, string>()
  readonly types = new Map<string, TypeView>()
  /** In order of their nodes. */
  readonly items: ContentRow[] = []
  itemCount = 0
  readonly silent: ContentRow[] = []
  silentCount = 0

  /** Pieces come in order, cut between lines. */
  take(piece: string): void {
    for (const row of rowsOf(piece)) this.#takeRow(row)
  }

  #takeRow(row: ContentRow): void {
    if (row.Record === 'Report') this.facts.set(row.Id!, row.Value!)
    else if (row.Record === 'Item' && ++this.itemCount <= LISTED) this.items.push(row)
    else if (row.Record === 'Node' && row.Status === NEVER_REPORTED && ++this.silentCount <= LISTED)
      this.silent.push(row)
    else if (row.Record === 'Total') this.#takeTotal(row)
  }

  #takeTotal({ ComplianceType: type, Id, Severity, Value = '' }: ContentRow): void {
    if (!type) {
      this.totals.set(Id!, Value)
      return
    }
    const none = { type, compliant: '0', nonCompliant: '0', failingItems: '0', severities: new Map() }
    const view: TypeView = this.types.get(type) ?? none
    this.types.set(type, view)
    if (Severity) view.severities.set(Severity, Value)
    else if (Id === 'NodesCompliant') view.compliant = Value
    else if (Id === 'NodesNonCompliant') view.nonCompliant = Value
    else if (Id === 'ItemsNonCompliant') view.failingItems = Value
  }
}
