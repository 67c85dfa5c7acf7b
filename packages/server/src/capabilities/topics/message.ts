/** What is published: its parts, and what SNS demands of them. */
import type { MessageAttributeValue } from '@steward/model/generated/sns.ts'
import { compiledPattern } from '#capabilities/events/index.ts'
import { invalidAttribute, invalidParameter, notBuilt } from './errors.ts'
import type { Protocol } from './subscription.ts'

/** The parts of `PublishInput` and of an entry of a batch that make the message. */
export interface MessageInput {
  readonly Message: string
  readonly Subject?: string | undefined
  readonly MessageStructure?: string | undefined
  readonly MessageAttributes?: Readonly<Record<string, MessageAttributeValue>> | undefined
  readonly MessageDeduplicationId?: string | undefined
  readonly MessageGroupId?: string | undefined
}

export interface Message {
  /** The text for a protocol. */
  text(protocol: Protocol | 'default'): string
  readonly subject: string | undefined
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>
}

export const LONGEST_MESSAGE = 262_144

/** Throws `InvalidParameter`, `ParameterValueInvalid`. */
export function toMessage(input: MessageInput): Message {
  const { Message: text, Subject, MessageStructure, MessageAttributes = {} } = input
  if (text === '') throw invalidParameter('Empty message')
  if (sizeOf(input) > LONGEST_MESSAGE) throw invalidParameter('Message too long')
  if (Subject !== undefined) checkSubject(Subject)
  if (input.MessageGroupId || input.MessageDeduplicationId) throw notBuilt('MessageGroupId', 'FIFO topics are')
  checkAttributes(MessageAttributes)
  const texts = MessageStructure === undefined ? { default: text } : textsByProtocol(MessageStructure, text)
  return {
    text: (protocol) => texts[protocol] ?? texts.default!,
    subject: Subject,
    attributes: MessageAttributes,
  }
}

/** Bytes of the text and of the attributes. */
export function sizeOf({ Message, MessageAttributes = {} }: MessageInput): number {
  const attributes = Object.entries(MessageAttributes).map(
    ([name, { DataType, StringValue = '', BinaryValue }]) =>
      Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.length ?? 0),
  )
  return attributes.reduce((sum, size) => sum + size, Buffer.byteLength(Message))
}

/** ASCII that begins with a letter, digit or punctuation mark, below 100 characters. */
function checkSubject(subject: string): void {
  if (!/^[\x21-\x7e][\x20-\x7e]{0,98}$/.test(subject)) throw invalidParameter('Subject')
}

function textsByProtocol(structure: string, text: string): Record<string, string> {
  if (structure !== 'json') throw invalidParameter('MessageStructure')
  let texts: unknown
  try {
    texts = JSON.parse(text)
  } catch {
    throw invalidParameter('Message Structure - JSON message body failed to parse')
  }
  if (typeof texts !== 'object' || texts === null || !('default' in texts) || typeof texts.default !== 'string')
    throw invalidParameter('Message Structure - No default entry in JSON message body')
  const entries = Object.entries(texts) as [string, unknown][]
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

function checkAttributes(attributes: Readonly<Record<string, MessageAttributeValue>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    checkAttributeName(name)
    checkAttribute(name, value)
  }
}

const LONGEST_ATTRIBUTE_NAME = 256

function checkAttributeName(name: string): void {
  if (name.length > LONGEST_ATTRIBUTE_NAME)
    throw invalidAttribute('Length of message attribute name must be less than 256 bytes.')
  const odd = /[^A-Za-z0-9_.-]/u.exec(name)?.[0].codePointAt(0)
  if (odd !== undefined)
    throw invalidAttribute(
      `Invalid non-alphanumeric character '#x${odd.toString(16).toUpperCase()}' was found in the message attribute name. ` +
        'Can only include alphanumeric characters, hyphens, underscores, or dots.',
    )
  if (name.startsWith('.'))
    throw invalidAttribute("Invalid message attribute name starting with character '.' was found.")
  if (name.endsWith('.')) throw invalidAttribute("Invalid message attribute name ending with character '.' was found.")
  if (name.includes('..')) throw invalidAttribute("Message attribute name can not have successive '.' character.")
  if (name === '' || /^(aws|amazon)\./i.test(name))
    throw invalidAttribute(`The message attribute name '${name}' is not valid.`)
}

function checkAttribute(name: string, { DataType, StringValue, BinaryValue }: MessageAttributeValue): void {
  const [, type] = /^(String|Number|Binary)(?:\..+)?$/.exec(DataType) ?? []
  if (!type)
    throw invalidAttribute(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is ` +
        'Binary, Number, and String.',
    )
  const field = type === 'Binary' ? 'Binary' : 'String'
  const [value, other] = type === 'Binary' ? [BinaryValue, StringValue] : [StringValue, BinaryValue]
  if (!value?.length && other?.length)
    throw invalidAttribute(`The message attribute '${name}' with type '${DataType}' must use field '${field}'.`)
  if (!value?.length)
    throw invalidAttribute(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
    )
  if (type === 'Number' && Number.isNaN(Number(StringValue)))
    throw invalidAttribute(`Could not cast message attribute '${name}' value to number.`)
  if (DataType === 'String.Array' && !Array.isArray(parsed(StringValue!)))
    throw invalidAttribute(`The message attribute '${name}' of type String.Array is not a JSON array.`)
}

/** Whether a subscription with these attributes wants the message. */
export function passes(
  message: Message,
  { FilterPolicy, FilterPolicyScope }: Readonly<Record<string, string>>,
): boolean {
  if (!FilterPolicy) return true
  const about = FilterPolicyScope === 'MessageBody' ? parsed(message.text('default')) : attributeValues(message)
  return typeof about === 'object' && about !== null && compiledPattern(FilterPolicy).matches(about)
}

function attributeValues({ attributes }: Message): Record<string, unknown> {
  const values = Object.entries(attributes).map(([name, { DataType, StringValue = '' }]) => {
    if (DataType === 'String.Array') return [name, parsed(StringValue)]
    if (DataType.startsWith('Number')) return [name, Number(StringValue)]
    return [name, DataType.startsWith('String') ? StringValue : []]
  })
  return Object.fromEntries(values)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
