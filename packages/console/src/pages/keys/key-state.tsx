import type { KeyMetadata } from '@aws-sdk/client-kms'
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'
import { common } from '#texts/common.ts'
import { keys as texts } from '#texts/keys.ts'

const LOOKS: Readonly<Record<string, StatusIndicatorProps.Type>> = {
  Enabled: 'success',
  Disabled: 'stopped',
  PendingDeletion: 'warning',
}

/** Whether a key can be used. */
export function KeyState({ state }: { state: KeyMetadata['KeyState'] | undefined }) {
  if (!state) return <>{common.unknown}</>
  return <StatusIndicator type={LOOKS[state] ?? 'info'}>{stateText(state)}</StatusIndicator>
}

export function stateText(state: string): string {
  return texts.states[state as keyof typeof texts.states] ?? state
}
