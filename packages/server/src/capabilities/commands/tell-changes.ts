/**
 * Tells of the changes of one command and its invocations, in the transaction that makes them: as events (EVT-02), and to the topic that
 * the command names (RC-05). Costs next to nothing where no rule and no topic wants to know.
 */

import type { NotificationConfig } from '@steward/model/generated/ssm.ts'
import type { Kysely } from 'kysely'
import {
  deliverEvents,
  emitEvents,
  type Happening,
  makeDeliveries,
  queueDeliveries,
  Wanted,
} from '#capabilities/events/index.ts'
import { nodeArn } from '#capabilities/nodes/index.ts'
import { noteChange } from '#db/changes.ts'
import type { Tx } from '#db/database.ts'
import { statement } from '#db/statement.ts'
import type { Task } from '#kernel/declare.ts'
import type { Ids } from '#kernel/ids.ts'
import { arn } from '#kernel/scope.ts'
import type { CommandRequest } from './command.ts'
import type { ProgressRow } from './progress.ts'
import { type InvocationDetails, invocationStatus } from './status.ts'
import type { CommandTables } from './tables.ts'

const COMMAND_CHANGED = 'EC2 Command Status-change Notification'
const INVOCATION_CHANGED = 'EC2 Command Invocation Status-change Notification'

/** States that nobody is told of: nothing has happened yet, or the end is near. */
const UNTOLD = new Set(['Pending', 'Delayed', 'Cancelling'])

/** Who is told, and by whom what was written is taken further. */
export interface Teller {
  readonly ids: Ids
  wake(task: Task): void
}

export interface InvocationChanged {
  readonly nodeId: string
  readonly details: InvocationDetails
}

export interface Changes {
  /** The command's state was another before. */
  readonly command: boolean
  readonly invocations: readonly InvocationChanged[]
}

export async function tellChanges(
  tx: Tx,
  command: ProgressRow,
  changes: Changes,
  now: Date,
  by: Teller,
): Promise<void> {
  noteProgress(tx, command, changes)
  const commandChanged = changes.command && !UNTOLD.has(command.status)
  const invocations = changes.invocations.filter(({ details }) => !UNTOLD.has(details))
  if (!commandChanged && invocations.length === 0) return
  const topic = command.notifications === null ? undefined : (JSON.parse(command.notifications) as NotificationConfig)
  const wanted = await Wanted.by(tx, command)
  const asEvents = {
    command: commandChanged && wanted.mayInclude('aws.ssm', COMMAND_CHANGED),
    invocations: wanted.mayInclude('aws.ssm', INVOCATION_CHANGED) ? invocations : [],
  }
  const toTopic = topic && {
    command: commandChanged && topic.NotificationType !== 'Invocation' && notifies(topic, command.status),
    invocations:
      topic.NotificationType === 'Invocation'
        ? invocations.filter(({ details }) => notifies(topic, invocationStatus(details)))
        : [],
  }
  if (!isNews(asEvents) && !(toTopic && isNews(toTopic))) return
  const news = new News(tx, command, await textsOf(tx, command.id), now, by)
  if (isNews(asEvents)) await news.emit(asEvents)
  if (topic && toTopic && isNews(toTopic)) await news.publish(topic, toTopic)
}

/** Whoever watches is told of every change, and that the counts of the command are others now. */
function noteProgress(tx: Tx, { id, region }: ProgressRow, { invocations }: Changes): void {
  noteChange(tx, { kind: 'commands', ids: [id], region })
  if (invocations.length === 0) return
  noteChange(tx, { kind: 'invocations', of: id, ids: invocations.map(({ nodeId }) => nodeId), region })
}

function isNews({ command, invocations }: Changes): boolean {
  return command || invocations.length > 0
}

function notifies({ NotificationEvents = [] }: NotificationConfig, status: string): boolean {
  return NotificationEvents.some((event) => event === 'All' || event === status)
}

const commandTexts = statement((db: Kysely<CommandTables>, id: string) =>
  db.selectFrom('command').select(['document_name', 'request']).where('id', '=', id),
)

interface Texts {
  readonly documentName: string
  readonly request: CommandRequest
}

async function textsOf(tx: Tx, commandId: string): Promise<Texts> {
  const [row] = await commandTexts(tx, commandId)
  return { documentName: row!.document_name, request: JSON.parse(row!.request) as CommandRequest }
}

class News {
  readonly #tx: Tx
  readonly #command: ProgressRow
  readonly #texts: Texts
  readonly #now: Date
  readonly #by: Teller

  constructor(tx: Tx, command: ProgressRow, texts: Texts, now: Date, by: Teller) {
    this.#tx = tx
    this.#command = command
    this.#texts = texts
    this.#now = now
    this.#by = by
  }

  async emit({ command, invocations }: Changes): Promise<void> {
    const happenings = invocations.map((changed) => this.#invocationEvent(changed))
    if (command) happenings.push(this.#commandEvent())
    await emitEvents(this.#tx, this.#command, this.#now, this.#by.ids, happenings)
    this.#by.wake(deliverEvents)
  }

  #invocationEvent({ nodeId, details }: InvocationChanged): Happening {
    return {
      detailType: INVOCATION_CHANGED,
      resources: [nodeArn(this.#command, nodeId)],
      detail: { ...this.#sameDetail(), 'instance-id': nodeId, status: invocationStatus(details) },
    }
  }

  #commandEvent(): Happening {
    const { id, expires_at, status } = this.#command
    const { instanceIds, parameters } = this.#texts.request
    return {
      detailType: COMMAND_CHANGED,
      resources: instanceIds.map((nodeId) => nodeArn(this.#command, nodeId)),
      detail: { ...this.#sameDetail(), 'expire-after': expires_at, parameters, status },
      about: arn(this.#command, 'ssm', `command/${id}`),
    }
  }

  #sameDetail() {
    const { id, requested_at } = this.#command
    return { 'command-id': id, 'document-name': this.#texts.documentName, 'requested-date-time': requested_at }
  }

  /** Puts messages on their way to the topic; whether they arrive has no effect on the command. */
  async publish(topic: NotificationConfig, { command, invocations }: Changes): Promise<void> {
    const messages = invocations.map((changed) => this.#invocationMessage(changed))
    if (command) messages.push(this.#commandMessage())
    const sourceArn = arn(this.#command, 'ssm', `command/${this.#command.id}`)
    const deliveries = messages.map((message) => ({
      targetArn: topic.NotificationArn!,
      sourceArn,
      eventId: this.#by.ids.uuid(),
      payload: JSON.stringify(message),
      settings: {
        Subject: `EC2 Run Command Notification ${this.#command.region}`,
        RoleArn: this.#texts.request.serviceRole,
      },
      about: sourceArn,
    }))
    await queueDeliveries(this.#tx, this.#command, this.#now, this.#by.ids, deliveries)
    this.#by.wake(makeDeliveries)
  }

  #commandMessage(): Record<string, unknown> {
    const { id, requested_at, expires_at, status } = this.#command
    const { instanceIds, outputS3BucketName, outputS3KeyPrefix } = this.#texts.request
    return {
      commandId: id,
      documentName: this.#texts.documentName,
      instanceIds,
      requestedDateTime: requested_at,
      expiresAfter: expires_at,
      outputS3BucketName,
      outputS3KeyPrefix,
      status,
      eventTime: this.#now.toISOString(),
    }
  }

  #invocationMessage({ nodeId, details }: InvocationChanged): Record<string, unknown> {
    const { id, requested_at } = this.#command
    return {
      commandId: id,
      documentName: this.#texts.documentName,
      instanceId: nodeId,
      requestedDateTime: requested_at,
      status: invocationStatus(details),
      detailedStatus: details,
      eventTime: this.#now.toISOString(),
    }
  }
}
