import { ssm } from '#capabilities/ssm.ts'
import { lookUp } from '../look-up.ts'
import { namedArn, parseReference } from '../name.ts'
import { toApiParameter } from '../parameter.ts'
import { decrypting, revealsSecret, versionsNamed } from '../read-access.ts'
import { namesSecret, parseSecretReference, secretAccess, secretParameter } from '../secret-reference.ts'
import { readableValue } from '../secure-string.ts'
import { mustBeShared } from '../sharing.ts'

export const GetParameter = ssm.read('GetParameter', {
  access(input, call) {
    const access = { action: 'ssm:GetParameter', resources: [namedArn(call.scope, input.Name)] }
    if (!input.WithDecryption) return access
    return [decrypting(call, access, () => versionsNamed(call, [input.Name])), ...secretAccess(call, [input.Name])]
  },

  recordedFirst: (input, { Parameter }) => revealsSecret(input, [Parameter ?? {}]),

  async handle(input, call) {
    if (namesSecret(input.Name)) {
      const secret = parseSecretReference(call.scope, input.Name)
      return { Parameter: await secretParameter(call, secret, input.WithDecryption) }
    }
    const ref = parseReference(call.scope, input.Name)
    await mustBeShared(call, ref, 'ssm:GetParameter')
    const found = await lookUp(call, ref)
    return { Parameter: toApiParameter(found, await readableValue(call, found.row, input.WithDecryption)) }
  },
})
