/*
 * Which steps run. A step that failed does not stop the next one by itself: only an exit code of 168 or 169, or the
 * inputs onFailure and onSuccess, end a document early; the last step may declare itself to run nevertheless. The
 * sentences are those that Amazon's agent answers with.
 */
import type { ResultStatus } from '@steward/protocol'
import { type DocumentStep, objectOr } from '#document/document.ts'
import type { PreconditionVerdict } from '#document/precondition.ts'

/** Exit codes with a meaning for the document. */
export const exitCode = { success: 168, failure: 169, reboot: 194, killed: 137 } as const

export type StepDecision = { do: 'run' } | { do: 'skip' | 'fail'; message: string }

/** What a step that is over means to the ones after it. */
export type StepEnd = { status: ResultStatus; code: number }

/** Whether a step is left out because an earlier one ended the document. */
export function isExited(steps: DocumentStep[], index: number, ends: (StepEnd | undefined)[]): boolean {
  if (index === steps.length - 1 && flag(steps[index]!, 'finallyStep') === 'true') return false
  return ends.slice(0, index).some((end, earlier) => end !== undefined && endsDocument(steps[earlier]!, end))
}

function endsDocument(step: DocumentStep, { status, code }: StepEnd): boolean {
  if (code === exitCode.success || code === exitCode.failure) return true
  if (status === 'Failed') return flag(step, 'onFailure') === 'exit'
  return status === 'Success' && flag(step, 'onSuccess') === 'exit'
}

/** What a failed step's onFailure asks for. */
export function onFailure(step: DocumentStep): 'exit' | 'successAndExit' | undefined {
  const value = flag(step, 'onFailure')
  return value === 'exit' || value === 'successAndExit' ? value : undefined
}

function flag(step: DocumentStep, name: string): string {
  const value = objectOr(step.inputs)[name]
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : ''
}

/** How far a plugin is known: `runs` here, is one of Amazon's for other platforms, or is none that this agent knows. */
export type PluginSupport = 'runs' | 'elsewhere' | 'unknown'

/** Decides about a step before it begins; `verdict` is undefined for a step without preconditions. */
export function decideStep(
  step: DocumentStep,
  crossPlatform: boolean,
  support: PluginSupport,
  exited: boolean,
  verdict: PreconditionVerdict | undefined,
): StepDecision {
  const { plugin, name } = step
  const unsupported = `Plugin with name ${plugin} is not supported by this version of ssm agent, please update to latest version. Step name: ${name}`
  const notHere = `Step execution skipped due to unsupported plugin: ${plugin}. Step name: ${name}`
  if (exited) {
    return {
      do: 'skip',
      message: `Plugin with name ${plugin} and id ${name} skipped due to prior step with an exit condition`,
    }
  }
  if (!crossPlatform) {
    if (support === 'unknown') return { do: 'fail', message: unsupported }
    if (support === 'elsewhere') {
      return {
        do: 'fail',
        message: `Plugin with name ${plugin} is not supported in current platform. Step name: ${name}`,
      }
    }
    if (verdict === undefined) return { do: 'run' }
    return {
      do: 'fail',
      message: `Precondition is not supported for document schema version prior to 2.2. Step name: ${name}`,
    }
  }
  if (support === 'unknown' && (verdict?.satisfied ?? true)) return { do: 'fail', message: unsupported }
  if (support !== 'runs') return { do: 'skip', message: notHere }
  if (verdict === undefined || verdict.complaints.length === 0) return { do: 'run' }
  const complaints = verdict.complaints.join(', ')
  if (!verdict.satisfied) {
    return {
      do: 'skip',
      message: `Step execution skipped due to unsatisfied preconditions: '${complaints}'. Step name: ${name}`,
    }
  }
  return {
    do: 'fail',
    message: `Unrecognized precondition(s): '${complaints}', please update agent to latest version. Step name: ${name}`,
  }
}

/** The status of a document whose steps are over, or wait for a reboot. */
export function documentStatus(statuses: ResultStatus[]): ResultStatus {
  for (const status of ['SuccessAndReboot', 'Failed', 'TimedOut', 'Cancelled'] as const) {
    if (statuses.includes(status)) return status
  }
  return 'Success'
}
