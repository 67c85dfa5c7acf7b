import { keyArn } from '../key.ts'
import { listKeyIds } from '../key-store.ts'
import { kms } from '../kms.ts'
import { page } from '../listing.ts'

export const ListKeys = kms.read('ListKeys', {
  access: () => ({ action: 'kms:ListKeys', resources: ['*'] }),

  async handle(input, call) {
    const { items, more } = await page(
      call,
      input.Limit,
      1000,
      (after, limit) => listKeyIds(call.db, call.scope, after, limit),
      (keyId) => keyId,
    )
    return { Keys: items.map((KeyId) => ({ KeyId, KeyArn: keyArn(call.scope, KeyId) })), ...more }
  },
})
