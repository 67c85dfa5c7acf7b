import { invalid } from '../errors.ts'
import { events } from '../events.ts'
import { compilePattern } from '../pattern/event-pattern.ts'
import { isObject } from '../pattern/match-expression.ts'
import { checkPattern } from '../rule.ts'

/** `resources` may be missing, whatever the guide says (recorded 2024-12). */
const REQUIRED = ['id', 'detail-type', 'source', 'account', 'time', 'region'] as const

export const TestEventPattern = events.read('TestEventPattern', {
  access: () => ({ action: 'events:TestEventPattern', resources: ['*'] }),

  async handle({ EventPattern, Event }) {
    checkPattern(EventPattern)
    return { Result: compilePattern(EventPattern).matches(parseEvent(Event)) }
  },
})

function parseEvent(text: string): object {
  const event = parsed(text)
  if (!event || !REQUIRED.every((name) => Object.hasOwn(event, name))) throw invalid('Parameter Event is not valid.')
  return event
}

function parsed(text: string): object | undefined {
  try {
    const event: unknown = JSON.parse(text)
    return isObject(event) ? event : undefined
  } catch {
    return undefined
  }
}
