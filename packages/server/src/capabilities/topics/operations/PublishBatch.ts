import type { PublishBatchRequestEntry } from '@steward/model/generated/sns.ts'
import { ApiError } from '#kernel/api-error.ts'
import { LONGEST_MESSAGE, sizeOf, toMessage } from '../message.ts'
import { publish } from '../publish.ts'
import { sns } from '../sns.ts'
import { topicNamed } from '../topic.ts'
import { requireTopic } from '../topic-store.ts'

const ENTRIES_PER_BATCH = 10
const LONGEST_ID = 80

/**
 * An entry that cannot be a message refuses all of them, before anything is published (recorded 2023-09), so none is ever told of as
 * failed alone.
 */
export const PublishBatch = sns.write('PublishBatch', {
  access: (input) => ({ action: 'sns:Publish', resources: [input.TopicArn] }),

  async handle({ TopicArn, PublishBatchRequestEntries: entries }, call) {
    checkBatch(entries)
    const topic = await requireTopic(call.db, call.scope, topicNamed(call.scope, TopicArn))
    const messages = entries.map((entry) => ({ Id: entry.Id, message: toMessage(entry) }))
    const Successful = []
    for (const { Id, message } of messages) Successful.push({ Id, MessageId: await publish(call, topic, message) })
    return { Successful, Failed: [] }
  },
})

function checkBatch(entries: readonly PublishBatchRequestEntry[]): void {
  if (entries.length === 0) throw new ApiError('EmptyBatchRequest', "The batch request doesn't contain any entries.")
  if (entries.length > ENTRIES_PER_BATCH)
    throw new ApiError('TooManyEntriesInBatchRequest', 'The batch request contains more entries than permissible.')
  const ids = entries.map(({ Id }) => Id)
  const long = ids.find((id) => id.length > LONGEST_ID)
  if (long) throw invalidId(`is too long: ${long}`)
  const odd = ids.find((id) => !/^[A-Za-z0-9_-]+$/.test(id))
  if (odd !== undefined) throw invalidId(`contains an impermissible character: ${odd}`)
  if (new Set(ids).size < ids.length)
    throw new ApiError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.')
  if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > LONGEST_MESSAGE)
    throw new ApiError('BatchRequestTooLong', 'The length of all the messages put together is more than the limit.')
}

function invalidId(what: string): ApiError {
  return new ApiError('InvalidBatchEntryId', `The Id of a batch entry in the batch request ${what}`)
}
