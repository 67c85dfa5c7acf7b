import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator'

const TYPES: Readonly<Record<string, StatusIndicatorProps.Type>> = {
  Creating: 'pending',
  Pending: 'pending',
  Delayed: 'pending',
  InProgress: 'in-progress',
  Cancelling: 'in-progress',
  Success: 'success',
  Cancelled: 'stopped',
  Terminated: 'stopped',
  Skipped: 'stopped',
  Incomplete: 'warning',
  NoInstancesInTag: 'warning',
}

/** The state of a command, of one of its invocations or of a step, by its `StatusDetails`; of an association, by its `DetailedStatus`. */
export function CommandStatus({ details, count }: { details: string | undefined; count?: number }) {
  if (!details) return <>–</>
  const label = count === undefined || details !== 'Success' ? statusWords(details) : 'succeeded'
  return (
    <StatusIndicator type={TYPES[details] ?? 'error'}>
      {count === undefined ? label : `${count.toLocaleString('en')} ${label.toLowerCase()}`}
    </StatusIndicator>
  )
}

/** `DeliveryTimedOut` as people write it: «Delivery timed out». */
export function statusWords(details: string): string {
  const words = details.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}
