import type { EventBus } from '@steward/model/generated/events.ts'
import { busArn } from './names.ts'
import type { BusRow } from './tables.ts'

export const BUSES_PER_ACCOUNT = 100

/** The row as the API shows it. */
export function toApiBus(row: BusRow): EventBus {
  return {
    Name: row.name,
    Arn: busArn(row, row.name),
    Description: row.description ?? undefined,
    Policy: row.policy ?? undefined,
    CreationTime: dateOf(row.created_at),
    LastModifiedTime: dateOf(row.modified_at),
  }
}

/** The default bus was always there. */
function dateOf(text: string): Date | undefined {
  return text === '' ? undefined : new Date(text)
}
