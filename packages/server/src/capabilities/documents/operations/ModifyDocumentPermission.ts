import { settingOf } from '#capabilities/settings/index.ts'
import { ssm } from '#capabilities/ssm.ts'
import { documentArn } from '../document.ts'
import { documentDoesNotExist, noAccountsGiven, publicSharingIsBlocked, tooManyPublicDocuments } from '../errors.ts'
import { ownDocument } from '../look-up.ts'
import { countOtherPublic, setShares, sharesOf } from '../share-store.ts'
import { changedShares, isEveryone, type Share } from '../sharing.ts'

const MAX_PUBLIC_DOCUMENTS = 5
const PUBLIC_SHARING = '/ssm/documents/console/public-sharing-permission'

export const ModifyDocumentPermission = ssm.write('ModifyDocumentPermission', {
  access: (input, call) => ({
    action: 'ssm:ModifyDocumentPermission',
    resources: [documentArn(call.scope, input.Name)],
  }),

  async handle(input, call) {
    const { db, scope } = call
    const { AccountIdsToAdd: added = [], AccountIdsToRemove: removed = [] } = input
    if (added.length + removed.length === 0) throw noAccountsGiven()
    const document = await ownDocument(db, scope, input.Name, documentDoesNotExist)
    const shares = await sharesOf(db, document)
    const changed = changedShares(shares, added, removed, input.SharedDocumentVersion ?? '$DEFAULT')
    const isPublic = hasEveryone(changed)
    if (isPublic && !hasEveryone(shares) && (await settingOf(db, scope, PUBLIC_SHARING)) === 'Disable') {
      throw publicSharingIsBlocked()
    }
    if (isPublic && (await countOtherPublic(db, document)) >= MAX_PUBLIC_DOCUMENTS) {
      throw tooManyPublicDocuments(MAX_PUBLIC_DOCUMENTS)
    }
    await setShares(db, document, changed)
    return {}
  },
})

function hasEveryone(shares: readonly Share[]): boolean {
  return shares.some(({ sharedWith }) => isEveryone(sharedWith))
}
