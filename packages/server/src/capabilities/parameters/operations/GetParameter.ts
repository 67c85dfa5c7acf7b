import { ssm } from '#capabilities/ssm.ts'
import { lookUp, refuseSecretReference } from '../look-up.ts'
import { parameterArn, parseReference } from '../name.ts'
import { toApiParameter } from '../parameter.ts'
import { accessDecrypted } from '../read-access.ts'
import { readableValue } from '../secure-string.ts'
import { mustBeShared } from '../sharing.ts'

export const GetParameter = ssm.read('GetParameter', {
  access(input, call) {
    const ref = parseReference(call.scope, input.Name)
    const access = { action: 'ssm:GetParameter', resources: [parameterArn(ref.scope, ref.key)] }
    return input.WithDecryption ? accessDecrypted(call, access, [ref]) : access
  },

  async handle(input, call) {
    const ref = parseReference(call.scope, input.Name)
    refuseSecretReference(ref, input.WithDecryption ?? false)
    await mustBeShared(call, ref, 'ssm:GetParameter')
    const found = await lookUp(call.db, ref)
    return { Parameter: toApiParameter(found, await readableValue(call, found.row, input.WithDecryption)) }
  },
})
