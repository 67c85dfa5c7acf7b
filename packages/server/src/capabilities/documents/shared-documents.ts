import { parsePolicy } from '#iam/policy/parse-policy.ts'
import type { ResourceDirectory } from '#kernel/declare.ts'
import { documentReference } from './document.ts'
import { sharesOf } from './share-store.ts'
import { isEveryone } from './sharing.ts'
import { storedDocument } from './store.ts'

/**
 * Sharing, as decisions see it: a policy of the document that allows the accounts it is shared with. So users of those accounts need
 * to be allowed by their own account only; which versions they see is the look-up's affair.
 */
export const sharedDocuments: ResourceDirectory = {
  services: ['ssm'],
  keepsPolicies: true,
  async describe(reader, arn) {
    const { region, account, name } = documentReference(arn)
    if (!region || !account) return undefined
    const document = await storedDocument(reader, { region, account }, name)
    const accounts = document ? (await sharesOf(reader, document)).map(({ sharedWith }) => sharedWith) : []
    if (accounts.length === 0) return undefined
    const Principal = accounts.some(isEveryone) ? '*' : { AWS: accounts }
    const Statement = { Effect: 'Allow', Principal, Action: 'ssm:*', Resource: '*' }
    return { policy: { name, source: 'resource', policy: parsePolicy(JSON.stringify({ Statement }), 'resource') } }
  },
}
