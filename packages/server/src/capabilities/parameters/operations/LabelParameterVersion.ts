import { ssm } from '#capabilities/ssm.ts'
import { parameterNotFound, versionNotFound } from '../errors.ts'
import { isLabel, withLabels } from '../labels.ts'
import { toLabels, versionOf } from '../look-up.ts'
import { namedArn, parseOwnReference } from '../name.ts'
import { tellChange } from '../parameter-events.ts'
import { changeParameter, latestOf } from '../store.ts'

/** A label that another version has moves here. What is no label at all is answered, not refused (PS-07). */
export const LabelParameterVersion = ssm.write('LabelParameterVersion', {
  access: (input, call) => ({
    action: 'ssm:LabelParameterVersion',
    resources: [namedArn(call.scope, input.Name)],
  }),

  async handle(input, call) {
    const parameter = await latestOf(call.db, call.scope, parseOwnReference(call.scope, input.Name).key)
    if (!parameter) throw parameterNotFound()
    const version = input.ParameterVersion ?? parameter.version
    if (!(await versionOf(call.db, parameter, version))) throw versionNotFound(input.Name, String(version))
    const valid = [...new Set(input.Labels.filter(isLabel))]
    const before = toLabels(parameter)
    const after = withLabels(before, version, valid)
    if (valid.length > 0) await changeParameter(call.db, parameter, { labels: JSON.stringify(after) })
    for (const label of valid) {
      const moved = { label, fromVersion: String(before[label] ?? ''), toVersion: String(version) }
      await tellChange(call, parameter, 'LabelParameterVersion', moved)
    }
    return { InvalidLabels: input.Labels.filter((label) => !isLabel(label)), ParameterVersion: version }
  },
})
