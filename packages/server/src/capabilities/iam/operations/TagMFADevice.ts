import { requestTags, withoutTags, withTags } from '../entity-tags.ts'
import { iam } from '../iam.ts'
import { mustFindMfaDevice, setMfaDevice } from '../mfa-device-store.ts'

export const TagMFADevice = iam.write('TagMFADevice', {
  access: (input) => ({
    action: 'iam:TagMFADevice',
    resources: [input.SerialNumber],
    context: requestTags(input.Tags),
  }),

  async handle(input, call) {
    const device = await mustFindMfaDevice(call.db, call.scope.account, input.SerialNumber)
    await setMfaDevice(call.db, device, { tags: withTags(device.tags, input.Tags) })
    return {}
  },
})

export const UntagMFADevice = iam.write('UntagMFADevice', {
  access: (input) => ({
    action: 'iam:UntagMFADevice',
    resources: [input.SerialNumber],
    context: { 'aws:TagKeys': input.TagKeys },
  }),

  async handle(input, call) {
    const device = await mustFindMfaDevice(call.db, call.scope.account, input.SerialNumber)
    await setMfaDevice(call.db, device, { tags: withoutTags(device.tags, input.TagKeys) })
    return {}
  },
})
