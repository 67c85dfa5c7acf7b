import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import { common } from '#texts/common.ts'

const TYPES: Readonly<Record<string, StatusIndicatorProps.Type>> = {
  Online: 'success',
  ConnectionLost: 'error',
  Inactive: 'stopped',
}

/** Whether a node is there, by its PingStatus. */
export function NodeStatus({ status = '' }: { status: string | undefined }) {
  return <StatusIndicator type={TYPES[status] ?? 'pending'}>{nodeStatusText(status)}</StatusIndicator>
}

export function nodeStatusText(status: string): string {
  return common.nodeStatus[status as keyof typeof common.nodeStatus] ?? status
}
