import { ssm } from '#capabilities/ssm.ts'
import { lookUp, refuseSecretReference } from '../look-up.ts'
import { namedArn, parseReference } from '../name.ts'
import { toApiParameter } from '../parameter.ts'
import { decrypting, revealsSecret, versionsNamed } from '../read-access.ts'
import { readableValue } from '../secure-string.ts'
import { mustBeShared } from '../sharing.ts'

export const GetParameter = ssm.read('GetParameter', {
  access(input, call) {
    const access = { action: 'ssm:GetParameter', resources: [namedArn(call.scope, input.Name)] }
    return input.WithDecryption ? decrypting(call, access, () => versionsNamed(call, [input.Name])) : access
  },

  recordedFirst: (input, { Parameter }) => revealsSecret(input, [Parameter ?? {}]),

  async handle(input, call) {
    const ref = parseReference(call.scope, input.Name)
    refuseSecretReference(ref, input.WithDecryption ?? false)
    await mustBeShared(call, ref, 'ssm:GetParameter')
    const found = await lookUp(call.db, ref)
    return { Parameter: toApiParameter(found, await readableValue(call, found.row, input.WithDecryption)) }
  },
})
