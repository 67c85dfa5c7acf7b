/**
 * Rotation: a key gets a new secret for what is encrypted from then on. Its older secrets stay, so whatever they encrypted is decrypted
 * as before; nobody who uses the key notices.
 */
import type { RotationType } from '@steward/model/generated/kms.ts'
import { type Reader, type Tx, tables } from '#db/database.ts'
import { type Call, task } from '#kernel/declare.ts'
import type { Vault } from '#kernel/vault.ts'
import { mustBeUsable } from './encryption.ts'
import { unsupported } from './errors.ts'
import type { Key } from './key.ts'
import { toKey } from './key.ts'
import { mustBeOwn } from './key-state.ts'
import { changeKey } from './key-store.ts'
import { inDays } from './new-key.ts'
import { newMaterial } from './secret.ts'
import type { KeyTables } from './tables.ts'

/** Throws unless the caller's key is one that rotates, and in a state to. */
export function mustRotate(key: Key, call: Call, action: string): void {
  mustBeOwn(key, call, action)
  mustBeUsable(key)
  if (key.spec !== 'SYMMETRIC_DEFAULT')
    throw unsupported(`${key.arn} is no symmetric encryption key; only these rotate.`)
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
  async run({ read, write, now, vault, log }) {
    const at = now()
    const lost = await read((reader) => keysWithoutSecret(reader, vault))
    for (const key of lost) {
      await write((tx) => rotate(tx, vault, key, 'ON_DEMAND', at))
      log.warn({ keyId: key.keyId }, 'the secret of a key is lost, and it has a new one')
    }
    const rotated = await write(async (tx) => {
      const due = await tables<KeyTables>(tx)
        .selectFrom('kms_key')
        .selectAll()
        .where('next_rotation_at', '<=', at.toISOString())
        .where('state', '=', 'Enabled')
        .limit(A_BATCH)
        .execute()
      for (const row of due) await rotate(tx, vault, toKey(row), 'AUTOMATIC', at)
      return due.length
    })
    return { rotated: rotated + lost.length }
  },
})

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
