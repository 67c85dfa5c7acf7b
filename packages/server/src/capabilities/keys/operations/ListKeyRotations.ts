import { doesNotRotate } from '../errors.ts'
import { accessByReference } from '../key-access.ts'
import { withoutAlias } from '../key-reference.ts'
import { listMaterials, mustFindKey } from '../key-store.ts'
import { kms } from '../kms.ts'
import { page } from '../listing.ts'

export const ListKeyRotations = kms.read('ListKeyRotations', {
  access: (input, call) => accessByReference(call, input.KeyId, 'kms:ListKeyRotations'),

  async handle(input, call) {
    const key = await mustFindKey(call.db, call.scope, withoutAlias(input.KeyId))
    if (key.spec !== 'SYMMETRIC_DEFAULT') throw doesNotRotate()
    const first = input.IncludeKeyMaterial === 'ALL_KEY_MATERIAL' ? 1 : 2
    const { items, more } = await page(
      call,
      input.Limit,
      1000,
      (after, limit) => listMaterials(call.db, key.keyId, after ? Number(after) + 1 : first, limit),
      ({ version }) => String(version),
    )
    const rotations = items.map((material) => ({
      KeyId: key.keyId,
      KeyMaterialId: material.material_id,
      KeyMaterialState: material.version === key.currentVersion ? ('CURRENT' as const) : ('NON_CURRENT' as const),
      RotationDate: material.rotation_type ? new Date(material.created_at) : undefined,
      RotationType: material.rotation_type ?? undefined,
    }))
    return { Rotations: rotations, ...more }
  },
})
