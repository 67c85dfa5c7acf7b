import { referencedArn } from '#capabilities/documents/index.ts'
import { nodeArn } from '#capabilities/nodes/index.ts'
import { ssm } from '#capabilities/ssm.ts'
import { toDescription } from '../association.ts'
import { statusUnchanged } from '../errors.ts'
import { namedAssociation } from '../named-association.ts'
import { findNodeState } from '../node-state.ts'
import { statusCounts, updateAssociation } from '../store.ts'
import { LONGEST_SUMMARY, takeReport } from '../take-report.ts'

/** How old agents, and those that could not list their associations, say how far they are (STM-16). */
export const UpdateAssociationStatus = ssm.write('UpdateAssociationStatus', {
  access: (input, call) => ({
    action: 'ssm:UpdateAssociationStatus',
    resources: [nodeArn(call.scope, input.InstanceId), referencedArn(call.scope, input.Name)],
  }),

  async handle({ Name, InstanceId, AssociationStatus: status }, call) {
    const association = await namedAssociation(call, { Name, InstanceId })
    const former = association.reported_status === null ? undefined : JSON.parse(association.reported_status)
    if (former?.Name === status.Name) throw statusUnchanged()
    await updateAssociation(call.db, association, { reported_status: JSON.stringify(status) })
    const node = await findNodeState(call.db, association.id, InstanceId)
    const report = {
      status: status.Name,
      errorCode: '',
      summary: status.Message.slice(0, LONGEST_SUMMARY),
      at: status.Date,
    }
    if (node) await takeReport(call, association, node, { ...report, outputUrl: undefined })
    const row = await namedAssociation(call, { Name, InstanceId })
    return { AssociationDescription: toDescription(row, (await statusCounts(call.db, [row.id])).get(row.id)!) }
  },
})
