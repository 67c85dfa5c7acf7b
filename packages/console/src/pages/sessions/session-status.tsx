import type { Session } from '@aws-sdk/client-ssm'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import { sessionTexts } from '#texts/sessions.ts'

const TYPES: Readonly<Record<string, StatusIndicatorProps.Type>> = {
  Connecting: 'in-progress',
  Connected: 'success',
  Disconnected: 'warning',
  Terminating: 'in-progress',
  Terminated: 'stopped',
  Failed: 'error',
}

const WORDS: Readonly<Record<string, string>> = sessionTexts.status

export function SessionStatus({ status }: { status: Session['Status'] }) {
  if (!status) return <>–</>
  return <StatusIndicator type={TYPES[status] ?? 'info'}>{WORDS[status] ?? status}</StatusIndicator>
}

/** In these its two ends may exchange something. */
export function isActive({ Status }: Session): boolean {
  return Status === 'Connecting' || Status === 'Connected' || Status === 'Disconnected'
}
