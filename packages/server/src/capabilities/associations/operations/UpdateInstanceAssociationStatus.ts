import { nodeArn } from '#capabilities/nodes/index.ts'
import { ssm } from '#capabilities/ssm.ts'
import { ApiError } from '#kernel/api-error.ts'
import { noAssociationOf } from '../errors.ts'
import { namedAssociation } from '../named-association.ts'
import { findNodeState } from '../node-state.ts'
import { LONGEST_SUMMARY, takeReport } from '../take-report.ts'

const STATUSES = ['Pending', 'InProgress', 'Success', 'Failed', 'TimedOut', 'Skipped']

/** A node says how far it is with an association. */
export const UpdateInstanceAssociationStatus = ssm.write('UpdateInstanceAssociationStatus', {
  access: (input, call) => ({
    action: 'ssm:UpdateInstanceAssociationStatus',
    resources: [nodeArn(call.scope, input.InstanceId)],
  }),

  async handle({ AssociationId, InstanceId, ExecutionResult: result }, call) {
    const association = await namedAssociation(call, { AssociationId })
    const node = await findNodeState(call.db, association.id, InstanceId)
    if (!node) throw noAssociationOf(association.document_name, InstanceId)
    if (!STATUSES.includes(result.Status))
      throw new ApiError(
        'ValidationException',
        `An association cannot be ${result.Status}: it is ${STATUSES.join(', ')}.`,
      )
    await takeReport(call, association, node, {
      status: result.Status,
      errorCode: result.ErrorCode ?? '',
      // PostgreSQL keeps no NUL in a text.
      summary: result.ExecutionSummary.replaceAll('\0', '').slice(0, LONGEST_SUMMARY),
      at: result.ExecutionDate,
      outputUrl: result.OutputUrl?.S3OutputUrl?.OutputUrl,
    })
    return {}
  },
})
