import { invalid } from '../errors.ts'
import { events } from '../events.ts'
import { compilePattern } from '../pattern/event-pattern.ts'
import { checkPattern } from '../rule.ts'

const REQUIRED = ['id', 'detail-type', 'source', 'account', 'time', 'region', 'resources'] as const

export const TestEventPattern = events.read('TestEventPattern', {
  access: () => ({ action: 'events:TestEventPattern', resources: ['*'] }),

  async handle({ EventPattern, Event }) {
    checkPattern(EventPattern)
    return { Result: compilePattern(EventPattern).matches(parseEvent(Event)) }
  },
})

function parseEvent(text: string): object {
  const event = parsed(text)
  const missing = REQUIRED.find((name) => !Object.hasOwn(event, name))
  if (missing) throw invalid(`Parameter Event is not valid. Reason: ${missing} is a required argument.`)
  return event
}

function parsed(text: string): object {
  try {
    const event: unknown = JSON.parse(text)
    if (typeof event === 'object' && event !== null && !Array.isArray(event)) return event
  } catch {
    // Said below.
  }
  throw invalid('Parameter Event is not valid. Reason: Event is not a JSON object.')
}
