import { noResource } from '#capabilities/ssm.ts'
import { listRequests, type RequestCursor } from '../enrolment-request-store.ts'
import { steward } from '../steward.ts'

const PAGE = 50

/** Our own operation: machines that asked to be registered with a key that needs approval and are not yet, the first first. */
export const ListEnrolmentRequests = steward.read('ListEnrolmentRequests', {
  access: (_input, { scope }) => ({ action: 'ssm:DescribeActivations', resources: noResource(scope) }),

  async handle({ State }, call) {
    const found = await listRequests(call.db, call.scope, State, call.cursor<RequestCursor>(), PAGE + 1)
    const page = found.slice(0, PAGE)
    const last = found.length > PAGE ? page.at(-1) : undefined
    return {
      EnrolmentRequests: page.map((row) => ({
        RequestId: row.id,
        ActivationId: row.activation_id,
        State: row.state,
        FingerprintHash: row.fingerprint_hash,
        ComputerName: row.computer_name ?? undefined,
        SourceIp: row.source_ip,
        FirstDate: new Date(row.first_at),
        LastDate: new Date(row.last_at),
        DecidedBy: row.decided_by ?? undefined,
      })),
      NextToken: call.nextToken(last && { firstAt: last.first_at, id: last.id }),
    }
  },
})
