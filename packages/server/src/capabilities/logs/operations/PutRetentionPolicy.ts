import { invalid } from '../errors.ts'
import { changeGroup, requireGroup } from '../group-store.ts'
import { logs } from '../logs.ts'
import { groupResource } from '../names.ts'

/** What the API reference lists; the model does not. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]

export const PutRetentionPolicy = logs.write('PutRetentionPolicy', {
  access: (input, call) => ({
    action: 'logs:PutRetentionPolicy',
    resources: [groupResource(call.scope, input.logGroupName)],
  }),

  async handle({ logGroupName, retentionInDays }, call) {
    if (!RETENTION_DAYS.includes(retentionInDays))
      throw invalid(
        `1 validation error detected: Value '${retentionInDays}' at 'retentionInDays' failed to satisfy constraint: ` +
          `Member must satisfy enum value set: [${RETENTION_DAYS.join(', ')}]`,
      )
    const group = await requireGroup(call.db, call.scope, logGroupName)
    await changeGroup(call.db, group, { retention_days: retentionInDays })
    return {}
  },
})

export const DeleteRetentionPolicy = logs.write('DeleteRetentionPolicy', {
  access: (input, call) => ({
    action: 'logs:DeleteRetentionPolicy',
    resources: [groupResource(call.scope, input.logGroupName)],
  }),

  async handle({ logGroupName }, call) {
    const group = await requireGroup(call.db, call.scope, logGroupName)
    await changeGroup(call.db, group, { retention_days: null })
    return {}
  },
})
