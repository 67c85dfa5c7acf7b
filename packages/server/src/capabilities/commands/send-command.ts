/** The act of sending a command: for the operation of that name, and for whatever else starts commands. */
import type { Command, SendCommandRequest, Targets } from '@steward/model/generated/ssm.ts'
import { formatSendCommand } from '@steward/protocol'
import {
  executionTimeoutSeconds,
  type RunnableDocument,
  requireHash,
  typedParameters,
} from '#capabilities/documents/index.ts'
import { targetedGroup } from '#capabilities/groups/index.ts'
import { findNodes, type TargetNode } from '#capabilities/nodes/index.ts'
import type { WriteCall } from '#kernel/declare.ts'
import { type CommandRequest, commandRequest, toCommand } from './command.ts'
import { checkAlarms, checkOutput, checkTargets } from './command-rules.ts'
import { wordsOf } from './command-search.ts'
import { dispatchCommands } from './dispatch-commands.ts'
import {
  invalidInstanceId,
  notACommandDocument,
  onlyForAssociations,
  payloadTooLarge,
  unsupportedPlatform,
} from './errors.ts'
import { Progress } from './progress.ts'
import { concurrencyLimit, DEFAULT_MAX_CONCURRENCY, DEFAULT_MAX_ERRORS, errorLimit } from './rate-control.ts'
import { commandDocument, resolved } from './referenced-parameters.ts'
import { addCommand, addInvocations } from './store.ts'
import type { CommandRow } from './tables.ts'
import { tellChanges } from './tell-changes.ts'

/** What an agent's message may measure at most, in bytes of JSON (RC-03b). */
const PAYLOAD_LIMIT = 100_000

/** What commands do not run (INV-01). */
const INVENTORY = 'aws:softwareInventory'

/**
 * Checks everything and stores the command with, for `InstanceIds`, its invocations; targets are looked up right after
 * (T-04). Once this is durable the command will run, whatever happens to the server.
 */
export async function sendCommand(call: WriteCall, input: SendCommandRequest): Promise<Command> {
  checkTargets(call.scope, input)
  checkOutput(input)
  checkAlarms(input.AlarmConfiguration)
  const document = await commandDocument(call, input)
  if (document.type !== 'Command') throw notACommandDocument(document.name, document.type)
  if (document.content.steps.some(({ plugin }) => plugin === INVENTORY))
    throw onlyForAssociations(document.name, INVENTORY)
  if (input.DocumentHash) requireHash(document.text, input.DocumentHash, input.DocumentHashType)
  const request = commandRequest(input, call.scope, {
    maxConcurrency: DEFAULT_MAX_CONCURRENCY,
    maxErrors: DEFAULT_MAX_ERRORS,
  })
  const nodes = await namedNodes(call, request, document)
  const sent = await resolved(call, document, request.parameters)
  const row = newCommand(call, input.DocumentName, request, sent)
  const progress = new Progress(call.db, row, call.now)
  if (nodes) {
    progress.resolved(nodes.length, {
      concurrency: concurrencyLimit(request.maxConcurrency, nodes.length),
      errors: errorLimit(request.maxErrors, nodes.length),
    })
  }
  const stored = (await mayReach(call, input.Targets)) ? { ...row, ...progress.command } : refused(call, row)
  await addCommand(call.db, stored)
  if (stored.ended_at) await tellChanges(call.db, stored, { command: true, invocations: [] }, call.now, call)
  else if (nodes) {
    await addInvocations(call.db, row, nodes, progress)
    // Who is there asks at once, and the first of them gets it; the others follow as it answers.
    call.wakeNodes(
      call.scope,
      nodes.map(({ nodeId }) => nodeId),
    )
  } else call.wake(dispatchCommands)
  return toCommand(stored, request)
}

/** Whoever may not look into a resource group cannot send to it (T-04). */
async function mayReach({ scope, may }: WriteCall, targets: Targets = []): Promise<boolean> {
  const group = targetedGroup(scope, targets)
  return group === undefined || may({ action: 'resource-groups:ListGroupResources', resources: [group] })
}

/** A command that has ended before it began. */
function refused({ now }: WriteCall, row: CommandRow): CommandRow {
  const ended = { status: 'Failed', status_details: 'AccessDenied', ended_at: now.toISOString() }
  return { ...row, ...ended, resolved: 1, dispatch_due: 0 }
}

/** The nodes of `InstanceIds`; undefined when the command has `Targets` instead. */
async function namedNodes(
  call: WriteCall,
  { instanceIds }: CommandRequest,
  document: RunnableDocument,
): Promise<readonly TargetNode[] | undefined> {
  if (instanceIds.length === 0) return undefined
  const found = await findNodes(call.db, call.scope, instanceIds)
  const known = new Map(found.map((node) => [node.nodeId, node]))
  const unknown = instanceIds.filter((id) => !known.has(id))
  if (unknown.length > 0) throw invalidInstanceId(unknown)
  for (const { nodeId, platformType } of found) {
    if (platformType && !document.content.platformTypes.includes(platformType)) {
      throw unsupportedPlatform(document.name, nodeId, platformType)
    }
  }
  return instanceIds.map((id) => known.get(id)!)
}

/** What the nodes get: without references to Parameter Store. The command itself shows them as they were asked for. */
type Sent = Awaited<ReturnType<typeof resolved>>

function newCommand(
  call: WriteCall,
  documentName: string,
  request: CommandRequest,
  { document, parameters }: Sent,
): CommandRow {
  const id = call.ids.orderedUuid()
  const timeoutSeconds = request.timeoutSeconds + executionTimeoutSeconds(document.content.steps, parameters)
  const later = (seconds: number) => new Date(call.now.getTime() + seconds * 1000).toISOString()
  return {
    id,
    account: call.scope.account,
    region: call.scope.region,
    requested_at: call.now.toISOString(),
    deliver_until: later(request.timeoutSeconds),
    expires_at: later(timeoutSeconds),
    ended_at: null,
    document_name: documentName,
    request: JSON.stringify(request),
    steps: JSON.stringify(document.content.steps.map(({ name, plugin }) => ({ name, plugin }))),
    platforms: JSON.stringify(document.content.platformTypes),
    payload: agentPayload(id, request, { document, parameters }),
    status: 'Pending',
    status_details: 'Pending',
    resolved: 0,
    concurrency_limit: 1,
    error_limit: 0,
    cancel_requested: 0,
    target_count: 0,
    started_count: 0,
    answered_count: 0,
    in_flight: 0,
    cancelling_count: 0,
    completed_count: 0,
    error_count: 0,
    ended: '{}',
    dispatch_due: request.instanceIds.length > 0 ? 0 : 1,
    origin: call.principal.arn,
    words: wordsOf(id, documentName, call.principal.arn, request),
    notifications: request.notificationConfig ? JSON.stringify(request.notificationConfig) : null,
  }
}

function agentPayload(commandId: string, request: CommandRequest, { document, parameters }: Sent): string {
  const payload = formatSendCommand({
    commandId,
    documentName: document.name,
    documentContent: document.agentContent as Parameters<typeof formatSendCommand>[0]['documentContent'],
    parameters: typedParameters(document.name, document.content.parameters, parameters),
    outputS3BucketName: request.outputS3BucketName,
    outputS3KeyPrefix: request.outputS3KeyPrefix,
    cloudWatchLogGroupName: request.cloudWatchOutputConfig.CloudWatchLogGroupName ?? '',
    cloudWatchOutputEnabled: request.cloudWatchOutputConfig.CloudWatchOutputEnabled ?? false,
  })
  if (Buffer.byteLength(payload) > PAYLOAD_LIMIT) throw payloadTooLarge()
  return payload
}
