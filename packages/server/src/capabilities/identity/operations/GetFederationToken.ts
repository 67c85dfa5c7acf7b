import type { SessionFacts } from '#kernel/principal.ts'
import { toApiCredentials } from '../role-session.ts'
import { packedSize, sessionPolicies } from '../session-policies.ts'
import { checkTags, sessionTagConditions, sessionTags } from '../session-tags.ts'
import { sts } from '../sts.ts'
import { lifeOf, longTermOwner } from './GetSessionToken.ts'

export const GetFederationToken = sts.open('GetFederationToken', {
  access(input, { scope }) {
    const resources = [`arn:aws:sts::${scope.account}:federated-user/${input.Name}`]
    const tags = sessionTags(input)
    const context = sessionTagConditions(tags)
    const actions = tags.tags ? ['sts:GetFederationToken', 'sts:TagSession'] : ['sts:GetFederationToken']
    return actions.map((action) => ({ action, resources, context }))
  },

  async handle(input, call) {
    const owner = longTermOwner(call, 'GetFederationToken')
    const { account } = owner
    const seconds = lifeOf(owner, input.DurationSeconds)
    checkTags(input)
    const narrowing = await call.read((reader) => sessionPolicies(reader, account, input))
    const session: SessionFacts = { issuedAt: call.now.getTime(), ...narrowing, ...sessionTags(input) }
    const packed = packedSize(session)
    const userId = `${account}:${input.Name}`
    const arn = `arn:aws:sts::${account}:federated-user/${input.Name}`
    const issuer = owner.kind === 'user' ? { arn: owner.arn, name: owner.name, userId: owner.userId } : undefined
    const principal = { kind: 'federated' as const, account, arn, name: input.Name, userId, issuer, session }
    return {
      Credentials: toApiCredentials(call.issueSession(principal, seconds)),
      FederatedUser: { FederatedUserId: userId, Arn: arn },
      PackedPolicySize: packed ?? 0,
    }
  },
})
