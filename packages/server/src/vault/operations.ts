import type { Operations, RotateMasterKeyResult } from '@steward/model/generated/steward.ts'
import { tables } from '#db/database.ts'
import { ApiError } from '#kernel/api-error.ts'
import { type OpenCall, type Operation, type SealedColumn, service, type Task } from '#kernel/declare.ts'
import type { Keyring } from '#kernel/vault.ts'
import { makeCurrent } from './open-vault.ts'
import { countSealed } from './reseal.ts'
import type { FollowingKey, MasterKeySource } from './source.ts'
import type { VaultTables } from './tables.ts'

const steward = service<Operations>('steward')

export interface VaultOperationParts {
  readonly keyring: Keyring
  readonly source: MasterKeySource
  readonly columns: readonly SealedColumn[]
  readonly reseal: Task
}

/** Our own operations on master keys. No answer has anything of a key but its id. */
export function vaultOperations(parts: VaultOperationParts): Operation[] {
  // One rotation at a time: the database and the ring must agree on which key came last.
  let last: Promise<unknown> = Promise.resolve()

  const RotateMasterKey = steward.open('RotateMasterKey', {
    access: () => ({ action: 'steward:RotateMasterKey', resources: ['*'] }),

    handle(_input, call) {
      const mine = last.then(() => rotate(parts, call))
      last = mine.catch(() => {})
      return mine
    },
  })

  const ListMasterKeys = steward.read('ListMasterKeys', {
    access: () => ({ action: 'steward:ListMasterKeys', resources: ['*'] }),

    async handle(_input, call) {
      const { keyring, columns } = parts
      const rows = await tables<VaultTables>(call.db)
        .selectFrom('master_key')
        .selectAll()
        .orderBy('created_at', 'desc')
        .execute()
      const keys = []
      for (const row of rows) {
        keys.push({
          MasterKeyId: row.key_id,
          Current: row.key_id === keyring.currentId,
          Lost: row.lost_at !== null,
          CreatedDate: new Date(row.created_at),
          SealedValues: await countSealed(call.db, columns, row.key_id),
        })
      }
      return { MasterKeys: keys }
    },
  })

  return [RotateMasterKey, ListMasterKeys]
}

async function rotate(
  { keyring, source, reseal }: VaultOperationParts,
  call: OpenCall,
): Promise<RotateMasterKeyResult> {
  const previous = keyring.currentId
  const following = follow(source, previous)
  // Known to the database before it seals anything: a start after a crash must ask for it.
  await call.write((tx) => makeCurrent(tx, following, call.now))
  keyring.renew(following.key)
  call.log.info({ masterKeyId: following.key.id, previous }, 'master key rotated')
  call.wake(reseal)
  return { MasterKeyId: following.key.id, PreviousMasterKeyId: previous }
}

function follow(source: MasterKeySource, currentId: string): FollowingKey {
  try {
    return source.follow(currentId)
  } catch (error) {
    throw new ApiError('MasterKeyNotReplaceable', (error as Error).message, { cause: error })
  }
}
