import { referencedArn } from '#capabilities/documents/index.ts'
import { ssm } from '#capabilities/ssm.ts'
import type { Access } from '#kernel/declare.ts'
import { targetArn } from '../session.ts'
import { PREFERENCES, parameterAccess } from '../session-plan.ts'
import { startSession } from '../start-session.ts'

const action = 'ssm:StartSession'
/** Whether the caller's policies must allow the document too (SM-19). */
const DOCUMENT_CHECK = 'ssm:SessionDocumentAccessCheck'

/**
 * Authorised on the node, on the document, and on reading the parameters of Parameter Store that are referred to. The account's own
 * preferences need not be allowed, unless all that allows the node asks for `ssm:SessionDocumentAccessCheck`.
 */
export const StartSession = ssm.write('StartSession', {
  async access(input, call) {
    const { scope } = call
    const target = targetArn(scope, input.Target)
    const withDocument: Access = {
      action,
      resources: [target, referencedArn(scope, input.DocumentName ?? PREFERENCES)],
      context: { [DOCUMENT_CHECK]: 'true' },
    }
    const nodeOnly: Access = {
      action,
      resources: [target],
      context: { [DOCUMENT_CHECK]: 'false' },
      or: [withDocument],
    }
    return [
      input.DocumentName === undefined ? nodeOnly : withDocument,
      ...(await parameterAccess(call, input.DocumentName, input.Parameters ?? {})),
    ]
  },

  async handle(input, call) {
    const started = await startSession(call, input)
    call.caused('AWS::SSM::Session', started.SessionId ?? '')
    return started
  },
})
