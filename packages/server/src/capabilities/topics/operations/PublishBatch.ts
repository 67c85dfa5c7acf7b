import type { BatchResultErrorEntry, PublishBatchRequestEntry } from '@steward/model/generated/sns.ts'
import { ApiError } from '#kernel/api-error.ts'
import { LONGEST_MESSAGE, type Message, sizeOf, toMessage } from '../message.ts'
import { publish } from '../publish.ts'
import { sns } from '../sns.ts'
import { topicNamed } from '../topic.ts'
import { requireTopic } from '../topic-store.ts'

const ENTRIES_PER_BATCH = 10

/** Publishes what can be published, and says of the rest why not. */
export const PublishBatch = sns.write('PublishBatch', {
  access: (input) => ({ action: 'sns:Publish', resources: [input.TopicArn] }),

  async handle({ TopicArn, PublishBatchRequestEntries: entries }, call) {
    checkBatch(entries)
    const topic = await requireTopic(call.db, call.scope, topicNamed(call.scope, TopicArn))
    const Successful = []
    const Failed = []
    for (const entry of entries) {
      const message = readEntry(entry)
      if ('Code' in message) Failed.push(message)
      else Successful.push({ Id: entry.Id, MessageId: await publish(call, topic, message) })
    }
    return { Successful, Failed }
  },
})

function checkBatch(entries: readonly PublishBatchRequestEntry[]): void {
  if (entries.length === 0) throw new ApiError('EmptyBatchRequest', "The batch request doesn't contain any entries.")
  if (entries.length > ENTRIES_PER_BATCH)
    throw new ApiError('TooManyEntriesInBatchRequest', 'The batch request contains more entries than permissible.')
  const ids = entries.map(({ Id }) => Id)
  if (ids.some((id) => !/^[A-Za-z0-9_-]{1,80}$/.test(id)))
    throw new ApiError(
      'InvalidBatchEntryId',
      "The Id of a batch entry in a batch request doesn't abide by the specification.",
    )
  if (new Set(ids).size < ids.length)
    throw new ApiError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.')
  if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > LONGEST_MESSAGE)
    throw new ApiError(
      'BatchRequestTooLong',
      'The length of all the batch messages put together is more than the limit.',
    )
}

function readEntry(entry: PublishBatchRequestEntry): Message | BatchResultErrorEntry {
  try {
    return toMessage(entry)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true }
  }
}
