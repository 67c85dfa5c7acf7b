/** Adds up what a report finds, node by node. */
import type { ComplianceSeverity } from '@steward/model/generated/ssm.ts'
import { type NodeEvidence, SEVERITIES, type TypeEvidence } from '#capabilities/compliance/index.ts'
import type { Figures } from './evidence-report.ts'

interface TypeTally {
  compliant: number
  compliantItems: number
  failingItems: number
  readonly severities: Map<ComplianceSeverity, number>
}

export class Tally {
  readonly #types = new Map<string, TypeTally>()
  #total = 0
  #neverReported = 0
  #failing = 0

  /** Undefined: it never reported. */
  add(evidence: NodeEvidence | undefined): void {
    this.#total++
    if (!evidence) this.#neverReported++
    if (evidence && worstOf(evidence)) this.#failing++
    for (const type of evidence?.types ?? []) this.#addType(type)
  }

  #addType({ type, status, severity, compliantItems, failingItems }: TypeEvidence): void {
    const none = { compliant: 0, compliantItems: 0, failingItems: 0, severities: new Map() }
    const tally: TypeTally = this.#types.get(type) ?? none
    this.#types.set(type, tally)
    tally.compliantItems += compliantItems
    tally.failingItems += failingItems
    if (status === 'COMPLIANT') tally.compliant++
    else tally.severities.set(severity, (tally.severities.get(severity) ?? 0) + 1)
  }

  figures(): Figures {
    const reporting = this.#total - this.#neverReported
    return {
      nodes: {
        Total: this.#total,
        Reporting: reporting,
        Compliant: reporting - this.#failing,
        NonCompliant: this.#failing,
        NeverReported: this.#neverReported,
      },
      types: [...this.#types]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([type, { compliant, compliantItems, failingItems, severities }]) => ({
          ComplianceType: type,
          Compliant: compliant,
          NonCompliant: severities.values().reduce((sum, nodes) => sum + nodes, 0),
          CompliantItems: compliantItems,
          NonCompliantItems: failingItems,
          Severities: SEVERITIES.flatMap((Severity) => {
            const Nodes = severities.get(Severity)
            return Nodes === undefined ? [] : [{ Severity, Nodes }]
          }),
        })),
    }
  }
}

/** The highest severity of what is not compliant; undefined if all is. */
export function worstOf({ types }: NodeEvidence): ComplianceSeverity | undefined {
  const failing = new Set(types.filter(({ status }) => status === 'NON_COMPLIANT').map(({ severity }) => severity))
  return SEVERITIES.find((severity) => failing.has(severity))
}
