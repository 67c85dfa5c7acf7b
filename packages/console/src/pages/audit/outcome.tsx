import StatusIndicator from '@cloudscape-design/components/status-indicator'
import type { AuditOutcome } from '@steward/model/generated/steward.ts'
import { audit } from '#texts/audit.ts'

const TYPES = { Succeeded: 'success', Denied: 'stopped', Failed: 'error' } as const

/** Whether a call did what it was asked to. */
export function Outcome({
  outcome = 'Succeeded',
  code,
}: {
  outcome?: AuditOutcome | undefined
  code?: string | undefined
}) {
  return (
    <StatusIndicator type={TYPES[outcome]}>
      <span title={code}>{audit.outcomes[outcome]}</span>
    </StatusIndicator>
  )
}
