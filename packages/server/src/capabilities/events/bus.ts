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
    CreationTime: new Date(row.created_at),
    LastModifiedTime: new Date(row.modified_at),
  }
}
