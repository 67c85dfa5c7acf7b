import { ProtocolError } from '#protocol-error.ts'

/** A JSON object that nobody has looked into yet. */
export type JsonObject = { [member: string]: unknown }

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Parses a payload that must be one JSON object; `what` begins the sentence of the error. */
export function parseJsonObject(payload: Uint8Array | string, what: string): JsonObject {
  const value = parseJson(typeof payload === 'string' ? payload : decodeText(payload, what), what)
  if (!isObject(value)) throw new ProtocolError(`${what} is not a JSON object.`)
  return value
}

export function decodeText(bytes: Uint8Array, what: string): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw new ProtocolError(`${what} is not UTF-8 text.`, { cause })
  }
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ProtocolError(`${what} is not JSON.`, { cause })
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A member that must be there and hold at least one character. */
export function text(from: JsonObject, member: string, what: string): string {
  const value = from[member]
  if (typeof value !== 'string' || value === '') throw new ProtocolError(`${what}: ${member} must be a string.`)
  return value
}

/** A member that may be absent, null or empty: all three are the empty string to Go programs. */
export function optionalText(from: JsonObject, member: string, what: string): string {
  const value = from[member] ?? ''
  if (typeof value !== 'string') throw new ProtocolError(`${what}: ${member} must be a string.`)
  return value
}

/** An integer member; `absent` is its value when it is not there. */
export function integer(from: JsonObject, member: string, what: string, absent?: number): number {
  const value = from[member] ?? absent
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw new ProtocolError(`${what}: ${member} must be an integer.`)
  }
  return value
}

/** An object member; absent and null are the empty object. */
export function optionalObject(from: JsonObject, member: string, what: string): JsonObject {
  const value = from[member] ?? {}
  if (!isObject(value)) throw new ProtocolError(`${what}: ${member} must be an object.`)
  return value
}
