import type { AssumeRoleRequest } from '@steward/model/generated/sts.ts'
import { findRoleByArn, noteRoleUse, type Role } from '#capabilities/iam/index.ts'
import type { OpenCall } from '#kernel/declare.ts'
import type { Principal, SessionFacts } from '#kernel/principal.ts'
import { accessDenied, mayNotAssume, validationError } from '../errors.ts'
import {
  bareConditions,
  isRoleArn,
  openRoleSession,
  sessionSeconds,
  toApiCredentials,
  trustAllows,
} from '../role-session.ts'
import { checkSecondFactor, type SecondFactor, secondFactorConditions } from '../second-factor.ts'
import { packedSize, sessionPolicies } from '../session-policies.ts'
import { checkTags, sessionTagConditions, sessionTags } from '../session-tags.ts'
import { sts } from '../sts.ts'

export const AssumeRole = sts.open('AssumeRole', {
  access(input, call) {
    const { context, actions } = demand(input, call.principal)
    return actions.map((action) => ({ action, resources: [input.RoleArn], context }))
  },

  async handle(input, call) {
    const { RoleArn, RoleSessionName } = input
    if (!isRoleArn(RoleArn)) throw validationError(`${RoleArn} is invalid`)
    if (call.principal.kind === 'federated') throw accessDenied('Cannot call AssumeRole with federated credentials')
    const role = await call.read((reader) => findRoleByArn(reader, RoleArn))
    if (!role || !isTrusted(input, role, call)) throw mayNotAssume(call.principal.arn, 'sts:AssumeRole', RoleArn)
    const from = sessionOf(call.principal)
    const seconds = sessionSeconds(role, input.DurationSeconds, isRole(call.principal))
    const sourceIdentity = sourceIdentityOf(input, from)
    checkTags(input, from)
    const narrowing = await call.read((reader) => sessionPolicies(reader, role.account, input))
    const assumedIn = from?.signIn ?? from?.assumedIn
    const session: SessionFacts = {
      issuedAt: call.now.getTime(),
      ...(assumedIn !== undefined && { assumedIn }),
      ...narrowing,
      ...sessionTags(input, from),
      ...(sourceIdentity !== undefined && { sourceIdentity }),
    }
    const packed = packedSize(session)
    await checkSecondFactor(call, input)
    await call.write((tx) => noteRoleUse(tx, role, call.now, call.scope.region))
    const { credentials, id, arn } = openRoleSession(call, role, RoleSessionName, seconds, session)
    return {
      Credentials: toApiCredentials(credentials),
      AssumedRoleUser: { AssumedRoleId: id, Arn: arn },
      PackedPolicySize: packed,
      SourceIdentity: sourceIdentity,
    }
  },
})

/** What the caller must be allowed to do to the role, and what the trust policy may ask about. */
function demand(input: AssumeRoleRequest & SecondFactor, principal: Principal) {
  const from = sessionOf(principal)
  const tags = sessionTags(input, from)
  const sourceIdentity = input.SourceIdentity ?? from?.sourceIdentity
  const context: Record<string, string | readonly string[]> = {
    'sts:RoleSessionName': input.RoleSessionName,
    ...(input.ExternalId !== undefined && { 'sts:ExternalId': input.ExternalId }),
    ...(sourceIdentity !== undefined && { 'sts:SourceIdentity': sourceIdentity }),
    ...secondFactorConditions(input),
    ...sessionTagConditions(tags),
  }
  return {
    context,
    actions: [
      'sts:AssumeRole',
      ...(tags.tags ? ['sts:TagSession'] : []),
      ...(sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
    ],
  }
}

/**
 * The door has decided for everybody but the root, whom it always lets pass. AWS lets no root assume a role; here it may assume those
 * that trust its account, so that an installation can be set up with its first key.
 */
function isTrusted(input: AssumeRoleRequest, role: Role, call: OpenCall): boolean {
  const { principal } = call
  if (principal.kind !== 'root') return true
  const { account, arn } = principal
  const { context, actions } = demand(input, principal)
  const asker = { account, own: [arn, account], behind: [] }
  return trustAllows(role, asker, actions, { ...bareConditions(call), ...context, 'aws:PrincipalArn': arn })
}

/** One that is set stays set, through all roles that are assumed one after the other. */
function sourceIdentityOf({ SourceIdentity: wanted }: AssumeRoleRequest, from: SessionFacts | undefined) {
  const present = from?.sourceIdentity
  if (present !== undefined && wanted !== undefined && wanted !== present) {
    throw accessDenied('The source identity of a session cannot be changed.')
  }
  return wanted ?? present
}

function sessionOf(principal: Principal): SessionFacts | undefined {
  return 'session' in principal ? principal.session : undefined
}

function isRole({ kind }: Principal): boolean {
  return kind === 'role' || kind === 'node'
}
