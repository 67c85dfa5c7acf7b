import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { evidence as texts } from '#texts/evidence.ts'
import type { Report } from './read-evidence.ts'

const SIGN_OFF = { Unsigned: 'pending', Accepted: 'success', Rejected: 'error' } as const
const STATUS = { Pending: 'in-progress', Complete: 'success', Failed: 'error' } as const

export function SignOffStatus({ state }: { state: Report['SignOff'] }) {
  return <StatusIndicator type={SIGN_OFF[state]}>{texts.signOffs[state]}</StatusIndicator>
}

export function ReportStatus({ status }: { status: Report['Status'] }) {
  return <StatusIndicator type={STATUS[status]}>{texts.statuses[status]}</StatusIndicator>
}
