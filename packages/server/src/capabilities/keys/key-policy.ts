import { checkPrincipals } from '#capabilities/iam/index.ts'
import type { Reader } from '#db/database.ts'
import { evaluate } from '#iam/policy/evaluate.ts'
import { parsePolicy } from '#iam/policy/parse-policy.ts'
import { requestContext } from '#iam/policy/request-context.ts'
import type { Call, ResourceDescription, ResourceDirectory } from '#kernel/declare.ts'
import type { AttachedPolicy, ParsedPolicy } from '#kernel/policy.ts'
import { rememberedByText } from '#kernel/remembered.ts'
import type { Scope } from '#kernel/scope.ts'
import { policyNamesNobody, policyWouldLockOut } from './errors.ts'
import { type Grant, statementsOf } from './grant.ts'
import { grantsOf } from './grant-store.ts'
import { type Key, keyArn } from './key.ts'
import { parseKeyReference } from './key-reference.ts'
import { findReferenced } from './key-store.ts'
import { tagsOf } from './key-tags.ts'

/** Throws `MalformedPolicyDocumentException`. */
function parseKeyPolicy(text: string): ParsedPolicy {
  return parsePolicy(text, 'resource', 'MalformedPolicyDocumentException')
}

/**
 * Throws `MalformedPolicyDocumentException` unless the text is a policy, the users and roles that it names are there, and the caller may
 * put another one later; `bypass` is the caller's word that this last is not wanted.
 */
export async function checkNewPolicy(text: string, call: Call, bypass = false): Promise<void> {
  const policy = parseKeyPolicy(text)
  await checkPrincipals(call.db, policy, policyNamesNobody)
  if (!bypass && !mayChangePolicy(policy, call)) throw policyWouldLockOut()
}

/** The caller may if the policy says so itself, or leaves it to the policies of the account. */
function mayChangePolicy(policy: ParsedPolicy, { principal, scope }: Call): boolean {
  const account = `arn:aws:iam::${scope.account}:root`
  const own = [account, principal.arn, ...('roleArn' in principal ? [principal.roleArn] : [])]
  const attached: AttachedPolicy = { name: 'default', source: 'resource', policy }
  const question = {
    asker: { account: principal.account, own, behind: own },
    action: 'kms:PutKeyPolicy',
    resource: keyArn(scope, '*'),
    context: requestContext(),
  }
  return evaluate(question, { identity: [], resource: { account: scope.account, policy: attached } }).allowed
}

/**
 * Keys as decisions see them: a key's policy has the say, its grants say the same as statements of the policy would, and its tags
 * are the resource's tags.
 */
export const keyDirectory: ResourceDirectory = {
  services: ['kms'],
  keepsPolicies: true,
  async describe(reader, arn) {
    const key = await keyAt(reader, arn)
    return key && describeKey(reader, key)
  },
}

async function keyAt(reader: Reader, arn: string): Promise<Key | undefined> {
  const [, , , region, account, resource] = arn.split(':')
  if (!region || !account || !resource?.startsWith('key/') || resource.includes('*')) return undefined
  const scope: Scope = { account, region }
  return findReferenced(reader, parseKeyReference(scope, arn))
}

async function describeKey(reader: Reader, key: Key): Promise<ResourceDescription> {
  const tags = await tagsOf(reader, key.keyId)
  const grants = await grantsOf(reader, key.keyId)
  return {
    tags: Object.fromEntries(tags.map(({ TagKey, TagValue }) => [TagKey, TagValue])),
    policy: { name: 'default', source: 'resource', policy: parsedOnce(withGrants(key.policy, grants)) },
    policyDecides: true,
  }
}

function withGrants(text: string, grants: readonly Grant[]): string {
  if (grants.length === 0) return text
  const policy = JSON.parse(text) as { Statement: object | object[] }
  return JSON.stringify({ ...policy, Statement: [policy.Statement, ...grants.flatMap(statementsOf)].flat() })
}

const REMEMBERED_CHARACTERS = 4_000_000

/** The same text gives the same object, which the evaluator has compiled already. */
const parsedOnce = rememberedByText(REMEMBERED_CHARACTERS, parseKeyPolicy)
