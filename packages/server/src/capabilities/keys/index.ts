import { afterPrefix, capability } from '#kernel/declare.ts'
import { deleteKeys } from './delete-keys.ts'
import { keyDirectory } from './key-policy.ts'
import { renamePrincipal } from './rename-principal.ts'
import { rotateKeys } from './rotation.ts'
import { secretAad } from './secret.ts'
import { migrations } from './tables.ts'

export type { EncryptionContext } from './ciphertext-blob.ts'
export { decryptBlob, encryptUnder, type KeyCall, keyOfBlob } from './encryption.ts'
export type { Key } from './key.ts'
export { type KeyUse, keyAccess } from './key-access.ts'
export { findKey, mustFindKey } from './key-store.ts'
export { managedKey } from './new-key.ts'
export { keyKeeper } from './tagged-keys.ts'

/** KMS: keys that encrypt for others and never leave, with policies, grants and rotation. */
export const keysCapability = capability({
  name: 'keys',
  url: import.meta.url,
  changeKinds: [{ kind: 'keys', read: 'kms:ListKeys', idOf: afterPrefix('key/') }],
  migrations,
  tasks: [rotateKeys, deleteKeys],
  resources: keyDirectory,
  renamePrincipal,
  sealedColumns: [
    {
      table: 'kms_material',
      column: 'sealed',
      key: ['key_id', 'version'],
      aad: ({ key_id, version }) => secretAad({ key_id: String(key_id), version: Number(version) }),
    },
  ],
})
