import { ssm } from '#capabilities/ssm.ts'
import { parameterNotFound, versionNotFound } from '../errors.ts'
import { withoutLabels } from '../labels.ts'
import { toLabels, versionOf } from '../look-up.ts'
import { namedArn, parseOwnReference } from '../name.ts'
import { changeParameter, latestOf } from '../store.ts'

export const UnlabelParameterVersion = ssm.write('UnlabelParameterVersion', {
  access: (input, call) => ({
    action: 'ssm:UnlabelParameterVersion',
    resources: [namedArn(call.scope, input.Name)],
  }),

  async handle(input, call) {
    const parameter = await latestOf(call.db, call.scope, parseOwnReference(call.scope, input.Name).key)
    if (!parameter) throw parameterNotFound()
    const version = input.ParameterVersion
    if (!(await versionOf(call.db, parameter, version))) throw versionNotFound(input.Name, String(version))
    const labels = toLabels(parameter)
    const asked = [...new Set(input.Labels)]
    const removed = asked.filter((label) => labels[label] === version)
    const left = withoutLabels(labels, removed)
    const isEmpty = Object.keys(left).length === 0
    if (removed.length > 0) await changeParameter(call.db, parameter, { labels: isEmpty ? null : JSON.stringify(left) })
    return { RemovedLabels: removed, InvalidLabels: asked.filter((label) => !removed.includes(label)) }
  },
})
