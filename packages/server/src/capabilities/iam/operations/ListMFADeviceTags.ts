import { iam } from '../iam.ts'
import { mustFindMfaDevice } from '../mfa-device-store.ts'
import { pageOf, sortedBy } from '../page.ts'

export const ListMFADeviceTags = iam.read('ListMFADeviceTags', {
  access: (input) => ({ action: 'iam:ListMFADeviceTags', resources: [input.SerialNumber] }),

  async handle(input, call) {
    const { tags } = await mustFindMfaDevice(call.db, call.scope.account, input.SerialNumber)
    const { items, ...page } = pageOf(
      call,
      input,
      sortedBy(tags, ({ Key }) => Key),
      ({ Key }) => Key,
    )
    return { Tags: items, ...page }
  },
})
