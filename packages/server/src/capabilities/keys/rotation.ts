/**
 * Rotation: a key gets a new secret for what is encrypted from then on. Its older secrets stay, so whatever they encrypted is decrypted
 * as before; nobody who uses the key notices.
 */
import type { RotationType } from '@steward/model/generated/kms.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { toServiceRecord } from '#kernel/audit-record.ts'
import { type Call, task } from '#kernel/declare.ts'
import type { Vault } from '#kernel/vault.ts'
import { mustBeUsable } from './encryption.ts'
import { doesNotRotate } from './errors.ts'
import { type Key, keyEvent, toKey } from './key.ts'
import { mustBeOwn } from './key-state.ts'
import { changeKey } from './key-store.ts'
import { inDays } from './new-key.ts'
import { newMaterial } from './secret.ts'
import type { KeyTables } from './tables.ts'

/** Throws unless the caller's key is one that rotates, and in a state to. */
export function mustRotate(key: Key, call: Call, action: string): void {
  mustBeOwn(key, call, action)
  mustBeUsable(key)
  if (key.spec !== 'SYMMETRIC_DEFAULT') throw doesNotRotate()
}

/** An automatic rotation sets the date of the next; one on demand leaves it. */
export async function rotate(tx: Tx, vault: Vault, key: Key, rotationType: RotationType, now: Date): Promise<void> {
  const version = key.currentVersion + 1
  const material = await newMaterial(vault, { keyId: key.keyId, version, spec: key.spec, now, rotationType })
  await tables<KeyTables>(tx).insertInto('kms_material').values(material).execute()
  const counted =
    rotationType === 'ON_DEMAND'
      ? { on_demand_rotations: key.onDemandRotations + 1 }
      : { next_rotation_at: inDays(now, key.rotationDays!).toISOString() }
  await changeKey(tx, key.keyId, { current_version: version, current_material_id: material.material_id, ...counted })
}

const A_BATCH = 100
const HOUR_MS = 3_600_000

/**
 * Keeps every enabled key with automatic rotation younger than its period. A key whose secret was lost with a master key gets a new one
 * too: it can be used again, though what it encrypted before stays closed.
 */
export const rotateKeys = task({
  name: 'keys.rotate',
  everyMs: HOUR_MS,
  async run(context) {
    const { read, write, now, vault, log, audit, ids } = context
    const at = now()
    const rotated = async (tx: Tx, key: Key, type: RotationType) => {
      await rotate(tx, vault, key, type, at)
      await audit.add(tx, toServiceRecord(keyEvent('RotateKey', key), at, ids.uuid()))
    }
    const lost = await read((reader) => keysWithoutSecret(reader, vault))
    for (const key of lost) {
      await write((tx) => rotated(tx, key, 'ON_DEMAND'))
      log.warn({ keyId: key.keyId }, 'the secret of a key is lost, and it has a new one')
    }
    const due = await write(async (tx) => {
      const keys = await dueForRotation(tx, at)
      for (const key of keys) await rotated(tx, key, 'AUTOMATIC')
      return keys
    })
    if (lost.length + due.length > 0) audit.added()
    return { rotated: lost.length + due.length }
  },
})

async function dueForRotation(tx: Tx, at: Date): Promise<Key[]> {
  const rows = await tables<KeyTables>(tx)
    .selectFrom('kms_key')
    .selectAll()
    .where('next_rotation_at', '<=', at.toISOString())
    .where('state', '=', 'Enabled')
    .limit(A_BATCH)
    .execute()
  return rows.map(toKey)
}

async function keysWithoutSecret(reader: Reader, vault: Vault): Promise<Key[]> {
  const rows = await tables<KeyTables>(reader)
    .selectFrom('kms_key as k')
    .innerJoin('kms_material as m', (join) =>
      join.onRef('m.key_id', '=', 'k.key_id').onRef('m.version', '=', 'k.current_version'),
    )
    .selectAll('k')
    .select('m.sealed')
    .where('k.key_spec', '=', 'SYMMETRIC_DEFAULT')
    .execute()
  return rows.filter(({ sealed }) => !vault.hasKeyOf(sealed)).map(toKey)
}
