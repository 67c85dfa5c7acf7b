import { sns } from '../sns.ts'
import { topicArn } from '../topic.ts'
import { listTopics } from '../topic-store.ts'

const PAGE_SIZE = 100

export const ListTopics = sns.read('ListTopics', {
  access: () => ({ action: 'sns:ListTopics', resources: ['*'] }),

  async handle(_input, call) {
    const names = await listTopics(call.db, call.scope, call.cursor<string>() ?? '', PAGE_SIZE + 1)
    const page = names.slice(0, PAGE_SIZE)
    return {
      Topics: page.map((name) => ({ TopicArn: topicArn(call.scope, name) })),
      NextToken: call.nextToken(names.length > PAGE_SIZE ? page.at(-1) : undefined),
    }
  },
})
