import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import {
  colorChartsStatusCritical,
  colorChartsStatusHigh,
  colorChartsStatusInfo,
  colorChartsStatusLow,
  colorChartsStatusMedium,
  colorChartsStatusNeutral,
  colorChartsStatusPositive,
} from '@cloudscape-design/design-tokens'
import type { Part } from '#components/stacked-bar.tsx'
import { compliance as texts } from '#texts/compliance.ts'

/** The most severe first. */
export const SEVERITIES: readonly string[] = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL', 'UNSPECIFIED']

const COLOURS: Readonly<Record<string, string>> = {
  CRITICAL: colorChartsStatusCritical,
  HIGH: colorChartsStatusHigh,
  MEDIUM: colorChartsStatusMedium,
  LOW: colorChartsStatusLow,
  INFORMATIONAL: colorChartsStatusInfo,
}
const UNSPECIFIED = colorChartsStatusHigh

const TYPES: Readonly<Record<string, StatusIndicatorProps.Type>> = { COMPLIANT: 'success', NON_COMPLIANT: 'error' }

/** Whether something is as it should be. */
export function Standing({ status = '' }: { status: string | undefined }) {
  return <StatusIndicator type={TYPES[status] ?? 'pending'}>{statusText(status)}</StatusIndicator>
}

export function statusText(status: string): string {
  return texts.statuses[status as keyof typeof texts.statuses] ?? status
}

/** How severe it is that something is not as it should be. */
export function Severity({ severity }: { severity: string | undefined }) {
  if (!severity) return <>–</>
  return (
    <span className="st-nowrap">
      <span className="st-dot" style={{ background: COLOURS[severity] ?? UNSPECIFIED }} aria-hidden="true" />
      {severityText(severity)}
    </span>
  )
}

export function severityText(severity: string): string {
  return texts.severities[severity] ?? severity
}

/** By which severities are put in order. */
export function severityRank(severity: string | undefined): number {
  const rank = SEVERITIES.indexOf(severity ?? '')
  return rank < 0 ? SEVERITIES.length : rank
}

export interface NodeCounts {
  readonly Compliant: number
  readonly NonCompliant: number
  readonly Unreported?: number
  readonly Severities?: readonly { readonly Severity: string; readonly Nodes: number }[]
}

/** Nodes as parts of a bar: compliant, then not by severity, then those that told nothing. `to` leads to those of a part. */
export function standingParts(
  counts: NodeCounts,
  to?: (part: { status: string; severity?: string }) => string,
): Part[] {
  const { Compliant, NonCompliant, Unreported = 0, Severities = [] } = counts
  const failing = Severities.length > 0 ? Severities : [{ Severity: 'UNSPECIFIED', Nodes: NonCompliant }]
  const link = (part: { status: string; severity?: string }) => (to ? { to: to(part) } : {})
  return [
    {
      label: texts.statuses.COMPLIANT,
      count: Compliant,
      color: colorChartsStatusPositive,
      ...link({ status: 'COMPLIANT' }),
    },
    ...failing.map(({ Severity: severity, Nodes }) => ({
      label: severity === 'UNSPECIFIED' ? texts.statuses.NON_COMPLIANT : texts.withSeverity(severityText(severity)),
      count: Nodes,
      color: COLOURS[severity] ?? UNSPECIFIED,
      ...link({ status: 'NON_COMPLIANT', severity }),
    })),
    { label: texts.statuses.UNREPORTED, count: Unreported, color: colorChartsStatusNeutral },
  ]
}
