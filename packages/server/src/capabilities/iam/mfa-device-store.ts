import { randomBytes } from 'node:crypto'
import type { MFADevice as ApiMfaDevice, Tag } from '@steward/model/generated/iam.ts'
import type { Selectable } from 'kysely'
import { type Reader, type Tx, tables } from '#db/database.ts'
import type { SealedColumn } from '#kernel/declare.ts'
import type { Vault } from '#kernel/vault.ts'
import { readTags } from './entity-tags.ts'
import { noSuchMfaDevice } from './errors.ts'
import type { FailedAttempts } from './failed-attempts.ts'
import { sortedBy } from './page.ts'
import type { MfaDeviceTable, UserTables } from './user-tables.ts'

export const MFA_DEVICES_PER_USER = 8

/** As many as AWS's have: 64 characters of Base32. */
const SEED_BYTES = 40

/** A virtual device: an authenticator app that shares a seed with us. */
export interface MfaDevice {
  /** Its ARN, `arn:aws:iam::<account>:mfa<path><name>`. */
  readonly serialNumber: string
  readonly account: string
  readonly createdAt: Date
  readonly enabled: { readonly userId: string; readonly at: Date } | undefined
  readonly tags: readonly Tag[]
  /** How many codes the device's clock is ahead of ours. */
  readonly drift: number
  /** The number of the last code that was taken; it and those before it are not taken again. */
  readonly lastCode: number
  readonly attempts: FailedAttempts
}

export const sealedMfaSeeds: SealedColumn = {
  table: 'iam_mfa_device',
  column: 'seed',
  key: ['serial_number'],
  aad: ({ serial_number }) => seedAad(String(serial_number)),
}

/** Makes a device with a seed of its own, which is told this once. Undefined if there is one of that serial number. */
export async function addMfaDevice(
  tx: Tx,
  vault: Vault,
  device: { serialNumber: string; account: string; createdAt: Date; tags: readonly Tag[] },
): Promise<Buffer | undefined> {
  if (await findMfaDevice(tx, device.account, device.serialNumber)) return undefined
  const seed = randomBytes(SEED_BYTES)
  await tables<UserTables>(tx)
    .insertInto('iam_mfa_device')
    .values({
      serial_number: device.serialNumber,
      account: device.account,
      seed: vault.seal(seed, seedAad(device.serialNumber)),
      created_at: device.createdAt.toISOString(),
      user_id: null,
      enabled_at: null,
      tags: JSON.stringify(device.tags),
      drift: 0,
      last_code: 0,
      failures: 0,
      failed_at: null,
    })
    .execute()
  return seed
}

export async function findMfaDevice(
  reader: Reader,
  account: string,
  serialNumber: string,
): Promise<MfaDevice | undefined> {
  const row = await selectDevice(reader, account, serialNumber)
  return row && toMfaDevice(row)
}

/** Throws `NoSuchEntity`. */
export async function mustFindMfaDevice(reader: Reader, account: string, serialNumber: string): Promise<MfaDevice> {
  const device = await findMfaDevice(reader, account, serialNumber)
  if (!device) throw noSuchMfaDevice(serialNumber)
  return device
}

/** The shared secret of a device. */
export async function seedOf(reader: Reader, vault: Vault, device: MfaDevice): Promise<Buffer> {
  const row = await selectDevice(reader, device.account, device.serialNumber)
  return vault.open(row!.seed, seedAad(device.serialNumber))
}

/** The devices of an account, in order of their serial numbers. */
export async function listMfaDevices(reader: Reader, account: string): Promise<MfaDevice[]> {
  const rows = await tables<UserTables>(reader)
    .selectFrom('iam_mfa_device')
    .selectAll()
    .where('account', '=', account)
    .execute()
  return sortedBy(rows.map(toMfaDevice), bySerialNumber)
}

/** The devices that are enabled for a user, in order of their serial numbers. */
export async function mfaDevicesOf(reader: Reader, userId: string): Promise<MfaDevice[]> {
  const rows = await tables<UserTables>(reader)
    .selectFrom('iam_mfa_device')
    .selectAll()
    .where('user_id', '=', userId)
    .execute()
  return sortedBy(rows.map(toMfaDevice), bySerialNumber)
}

/** What the device is from now on: whose, how far its clock is off, which codes are spent, what failed. */
export async function setMfaDevice(
  tx: Tx,
  { serialNumber }: MfaDevice,
  change: Partial<Pick<MfaDevice, 'enabled' | 'tags' | 'drift' | 'lastCode' | 'attempts'>>,
): Promise<void> {
  const { enabled, tags, drift, lastCode, attempts } = change
  await tables<UserTables>(tx)
    .updateTable('iam_mfa_device')
    .set({
      ...('enabled' in change && { user_id: enabled?.userId ?? null, enabled_at: enabled?.at.toISOString() ?? null }),
      ...(tags && { tags: JSON.stringify(tags) }),
      ...(drift !== undefined && { drift }),
      ...(lastCode !== undefined && { last_code: lastCode }),
      ...(attempts && { failures: attempts.failures, failed_at: attempts.failedAt?.toISOString() ?? null }),
    })
    .where('serial_number', '=', serialNumber)
    .execute()
}

export async function removeMfaDevice(tx: Tx, { serialNumber }: MfaDevice): Promise<void> {
  await tables<UserTables>(tx).deleteFrom('iam_mfa_device').where('serial_number', '=', serialNumber).execute()
}

/** By which lists of devices are ordered and paged. */
export function bySerialNumber({ serialNumber }: MfaDevice): string {
  return serialNumber
}

export function toApiMfaDevice({ serialNumber, enabled }: MfaDevice, userName: string): ApiMfaDevice {
  return { UserName: userName, SerialNumber: serialNumber, EnableDate: enabled!.at }
}

function selectDevice(reader: Reader, account: string, serialNumber: string) {
  return tables<UserTables>(reader)
    .selectFrom('iam_mfa_device')
    .selectAll()
    .where('account', '=', account)
    .where('serial_number', '=', serialNumber)
    .executeTakeFirst()
}

function seedAad(serialNumber: string): string {
  return `mfa:${serialNumber}`
}

function toMfaDevice(row: Selectable<MfaDeviceTable>): MfaDevice {
  return {
    serialNumber: row.serial_number,
    account: row.account,
    createdAt: new Date(row.created_at),
    enabled: row.user_id === null ? undefined : { userId: row.user_id, at: new Date(row.enabled_at!) },
    tags: readTags(row.tags),
    drift: row.drift,
    lastCode: row.last_code,
    attempts: { failures: row.failures, failedAt: row.failed_at === null ? undefined : new Date(row.failed_at) },
  }
}
