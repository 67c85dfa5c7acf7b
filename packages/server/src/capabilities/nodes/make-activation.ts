/** What activations and enrolment keys have in common: who may make them, and how they come about. */
import type { CreateActivationRequest } from '@steward/model/generated/ssm.ts'
import { noResource } from '#capabilities/ssm.ts'
import { tagConditions, taggingAccess } from '#capabilities/tags/index.ts'
import type { Access, Call, WriteCall } from '#kernel/declare.ts'
import { type Activation, CODE_LENGTH, hashOfCode, tagsOfActivation } from './activation.ts'
import { addActivation } from './activation-store.ts'
import { checkRole, nodeArn, passRole } from './node.ts'

export function activationAccess({ scope }: Call, { IamRole, Tags }: CreateActivationRequest): Access[] {
  return [
    { action: 'ssm:CreateActivation', resources: noResource(scope), context: tagConditions(Tags) },
    // Its tags become those of nodes that nobody knows yet.
    ...taggingAccess([nodeArn(scope, '*')], Tags),
    passRole(scope, IamRole),
  ]
}

/** Stores it and answers its id and its code, which nobody can be told again. */
export async function makeActivation(
  { db, scope, ids, now }: WriteCall,
  { IamRole, Description, DefaultInstanceName, Tags, RegistrationMetadata = [] }: CreateActivationRequest,
  limits: Pick<Activation, 'registrationLimit' | 'expiresAt'>,
): Promise<{ ActivationId: string; ActivationCode: string }> {
  checkRole(IamRole)
  const id = ids.uuid()
  const code = ids.secret(CODE_LENGTH)
  await addActivation(db, {
    ...limits,
    scope,
    id,
    codeHash: hashOfCode(code),
    description: Description,
    defaultInstanceName: DefaultInstanceName,
    iamRole: IamRole,
    registrationsCount: 0,
    createdAt: now,
    tags: tagsOfActivation(Tags),
    registrationMetadata: RegistrationMetadata,
  })
  return { ActivationId: id, ActivationCode: code }
}
