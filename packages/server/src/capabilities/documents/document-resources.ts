import { parsePolicy } from '#iam/policy/parse-policy.ts'
import type { ResourceDirectory } from '#kernel/declare.ts'
import type { AttachedPolicy } from '#kernel/policy.ts'
import { documentReference } from './document.ts'
import type { Document } from './document-version.ts'
import { predefinedDocument } from './predefined/document-form.ts'
import { sharesOf } from './share-store.ts'
import { isEveryone, type Share } from './sharing.ts'
import { storedDocument } from './store.ts'

/** What decisions must know of documents: of which type and category they are, and with whom they are shared. */
export const documentResources: ResourceDirectory = {
  services: ['ssm'],
  keepsPolicies: true,
  async describe(reader, arn) {
    const { region, account, name } = documentReference(arn)
    if (!region || account === undefined) return undefined
    const document =
      account === '' ? predefinedDocument(region, name) : await storedDocument(reader, { region, account }, name)
    if (!document) return undefined
    const shares = account === '' ? [] : await sharesOf(reader, document)
    return { conditions: kindConditions(document), ...(shares.length > 0 && { policy: sharingPolicy(name, shares) }) }
  },
}

/** The condition keys by which policies tell kinds of documents apart. */
export function kindConditions({
  type,
  categoryEnum = [],
}: Pick<Document, 'type'> & Partial<Pick<Document, 'categoryEnum'>>): Record<string, string | readonly string[]> {
  return { 'ssm:DocumentType': type, ...(categoryEnum.length > 0 && { 'ssm:DocumentCategories': categoryEnum }) }
}

/**
 * Sharing, as decisions see it: a policy of the document that allows the accounts it is shared with. So users of those accounts need
 * to be allowed by their own account only; which versions they see is the look-up's affair.
 */
function sharingPolicy(name: string, shares: readonly Share[]): AttachedPolicy {
  const accounts = shares.map(({ sharedWith }) => sharedWith)
  const Principal = accounts.some(isEveryone) ? '*' : { AWS: accounts }
  const Statement = { Effect: 'Allow', Principal, Action: 'ssm:*', Resource: '*' }
  return { name, source: 'resource', policy: parsePolicy(JSON.stringify({ Statement }), 'resource') }
}
