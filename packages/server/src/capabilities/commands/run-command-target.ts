/**
 * Documents as targets of rules: an event starts a command, as the role that the target was given. The command and the end of the
 * delivery are one transaction, so an event starts it once.
 */
import { parseExactly, roleOfTarget } from '#capabilities/events/index.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Delivery, DeliveryTarget } from '#kernel/declare.ts'
import { DeliveryFailed } from '#kernel/delivery-failed.ts'
import { SendCommand } from './operations/SendCommand.ts'

const SERVICE = 'events.amazonaws.com'

/** Refusals that are not about the request. */
const WORTH_RETRYING = new Set(['ServiceUnavailable', 'InternalServerError', 'ThrottlingException'])

export const runCommandTarget: DeliveryTarget = {
  kind: 'local',
  serves: (arn) => /^arn:[^:]+:ssm:[^:]*:[^:]*:document\/./.test(arn),
  async deliver(delivery, context) {
    const principal = await roleOfTarget(delivery, context)
    try {
      await context.perform(
        SendCommand,
        commandFor(delivery),
        { principal, scope: delivery.scope, service: SERVICE },
        context,
      )
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const said = error.message || `The command was refused: ${error.code}.`
      throw new DeliveryFailed(error.code, said, { retry: WORTH_RETRYING.has(error.code), cause: error })
    }
  },
}

interface RunCommandParameters {
  readonly RunCommandTargets: readonly { readonly Key: string; readonly Values: readonly string[] }[]
}

function commandFor({ targetArn, settings, payload, scope }: Delivery): object {
  const [, , , , account, ...resource] = targetArn.split(':')
  const name = resource.join(':').slice('document/'.length)
  const { RunCommandTargets = [] } = (settings.RunCommandParameters ?? {}) as Partial<RunCommandParameters>
  return {
    DocumentName: account === '' || account === scope.account ? name : targetArn,
    Targets: RunCommandTargets,
    Parameters: parametersIn(payload),
  }
}

/** The document's parameters, which the target's input is. An event that comes as it is has none. */
function parametersIn(payload: string): Record<string, string[]> {
  const input = parsed(payload)
  if ('detail-type' in input && 'source' in input) return {}
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, toList(value)]))
}

function parsed(payload: string): object {
  try {
    const input = parseExactly(payload)
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input
  } catch {
    // Said below.
  }
  throw new DeliveryFailed('INVALID_INPUT', 'The input of the target is not a JSON object of parameters.', {
    retry: false,
  })
}

function toList(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
}
