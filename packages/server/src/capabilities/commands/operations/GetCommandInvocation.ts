import { nodeArn } from '#capabilities/nodes/index.ts'
import { ssm } from '#capabilities/ssm.ts'
import type { StepName } from '../command.ts'
import { invalidPluginName, invocationDoesNotExist } from '../errors.ts'
import {
  executionTimes,
  NO_CODE,
  outputUrl,
  type StepState,
  standardError,
  standardOutput,
  stepResults,
  stepState,
} from '../invocation.ts'
import { isFinal } from '../status.ts'
import { findInvocation } from '../store.ts'

/** With several steps and no `PluginName` it answers for the invocation as a whole, without output (RC-19). */
export const GetCommandInvocation = ssm.read('GetCommandInvocation', {
  access: (input, call) => ({ action: 'ssm:GetCommandInvocation', resources: [nodeArn(call.scope, input.InstanceId)] }),

  async handle(input, call) {
    const found = await findInvocation(call.db, call.scope, input.CommandId, input.InstanceId)
    if (!found) throw invocationDoesNotExist(input.CommandId, input.InstanceId)
    const { row, command } = found
    const { request, steps } = command
    const step = input.PluginName ? steps.find(({ name }) => name === input.PluginName) : onlyOne(steps)
    if (input.PluginName && !step)
      throw invalidPluginName(
        input.PluginName,
        steps.map(({ name }) => name),
      )

    const result = step && stepResults(row)[step.name]
    const state = input.PluginName && steps.length > 1 ? stepState(row, result) : wholeState(row, result)
    return {
      CommandId: row.command_id,
      InstanceId: row.node_id,
      Comment: request.comment,
      DocumentName: row.document_name,
      DocumentVersion: request.documentVersion,
      PluginName: step?.name ?? '',
      ResponseCode: isFinal(state.details) ? state.code : NO_CODE,
      ...executionTimes(state),
      Status: state.status,
      StatusDetails: state.details,
      StandardOutputContent: standardOutput(result),
      StandardOutputUrl: outputUrl(request, result, 'stdout'),
      StandardErrorContent: standardError(result),
      StandardErrorUrl: outputUrl(request, result, 'stderr'),
      CloudWatchOutputConfig: request.cloudWatchOutputConfig,
    }
  },
})

function onlyOne(steps: readonly StepName[]): StepName | undefined {
  return steps.length === 1 ? steps[0] : undefined
}

/** The invocation's own state: a step may have ended a moment before its document, and waiters must not see that. */
function wholeState(row: Parameters<typeof stepState>[0], result: StepState['result']): StepState {
  return { ...stepState(row, undefined), result }
}
