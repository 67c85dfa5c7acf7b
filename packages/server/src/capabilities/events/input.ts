/** What a target gets of an event: all of it, a part (`InputPath`), always the same (`Input`), or a text made of it (`InputTransformer`). */
import type { InputTransformer, Target } from '@steward/model/generated/events.ts'
import type { BusEvent } from './event.ts'
import { valueAt } from './json-path.ts'

export interface Occasion {
  readonly ruleArn: string
  readonly ruleName: string
  readonly now: Date
}

export function inputFor(
  target: Pick<Target, 'Input' | 'InputPath' | 'InputTransformer'>,
  event: BusEvent,
  occasion: Occasion,
): string {
  if (target.Input !== undefined) return target.Input
  if (target.InputPath !== undefined) return JSON.stringify(valueAt(event, target.InputPath)) ?? 'null'
  if (target.InputTransformer) return transformed(target.InputTransformer, event, occasion)
  return JSON.stringify(event)
}

const PLACEHOLDER = /<([A-Za-z0-9_.-]+)>/g

/** The names between angle brackets in a template. */
export function placeholders(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].map(([, name]) => name!)
}

/** Whether the name stands for something in every template. */
export function isPredefined(name: string): boolean {
  return Object.hasOwn(PREDEFINED, name)
}

const PREDEFINED: Readonly<Record<string, (event: BusEvent, occasion: Occasion) => unknown>> = {
  'aws.events.rule-arn': (_event, { ruleArn }) => ruleArn,
  'aws.events.rule-name': (_event, { ruleName }) => ruleName,
  'aws.events.event.ingestion-time': (_event, { now }) => now.toISOString(),
  // Here AWS calls the type by another name than in the event itself (recorded 2024-06).
  'aws.events.event': ({ detail: _detail, 'detail-type': detailType, ...event }) => ({ ...event, detailType }),
  'aws.events.event.json': (event) => event,
}

/**
 * Puts values in place of their names. Within quotes a value is written as part of the text; elsewhere as JSON, so that
 * `{"id": <id>}` stays JSON whatever `id` is. What is not in the event is an empty text. Of a template that is one text, objects and
 * lists become part without their quotation marks, as on AWS, which would not deliver what has them within a text of an object.
 */
function transformed({ InputPathsMap = {}, InputTemplate }: InputTransformer, event: BusEvent, occasion: Occasion) {
  const [kind] = /^\s*[{["]/.exec(InputTemplate) ?? []
  const quoted = quotedPositions(InputTemplate)
  return InputTemplate.replace(PLACEHOLDER, (_, name: string, at: number) => {
    const value = valueNamed(name, InputPathsMap, event, occasion) ?? ''
    if (!kind) return typeof value === 'string' ? value : JSON.stringify(value)
    if (!quoted.has(at)) return JSON.stringify(value)
    if (typeof value === 'string') return JSON.stringify(value).slice(1, -1)
    return kind.endsWith('"') ? withoutQuotes(value) : JSON.stringify(JSON.stringify(value)).slice(1, -1)
  })
}

/** Escapes stay, so that it may be part of a JSON text. */
function withoutQuotes(value: unknown): string {
  return JSON.stringify(value).replace(/(\\[^"])|\\?"/g, '$1')
}

function valueNamed(
  name: string,
  paths: Readonly<Record<string, string>>,
  event: BusEvent,
  occasion: Occasion,
): unknown {
  if (Object.hasOwn(paths, name)) return valueAt(event, paths[name]!)
  return isPredefined(name) ? PREDEFINED[name]!(event, occasion) : undefined
}

/** Where in the template a placeholder would be within a quoted text. */
function quotedPositions(template: string): Set<number> {
  const positions = new Set<number>()
  let quoted = false
  for (let at = 0; at < template.length; at++) {
    if (template[at] === '\\') at++
    else if (template[at] === '"') quoted = !quoted
    else if (quoted && template[at] === '<') positions.add(at)
  }
  return positions
}
