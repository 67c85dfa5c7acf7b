import { noSuchKeyStore } from '../errors.ts'
import { kms } from '../kms.ts'

/** There are none: all keys are Steward's own. Programs that ask before they make keys learn so. */
export const DescribeCustomKeyStores = kms.read('DescribeCustomKeyStores', {
  access: () => ({ action: 'kms:DescribeCustomKeyStores', resources: ['*'] }),

  async handle({ CustomKeyStoreId, CustomKeyStoreName }) {
    if (CustomKeyStoreId !== undefined || CustomKeyStoreName !== undefined) throw noSuchKeyStore()
    return { CustomKeyStores: [], Truncated: false }
  },
})
