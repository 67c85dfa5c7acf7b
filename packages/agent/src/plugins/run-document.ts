import { readFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import type { JsonObject } from '@steward/protocol'
import { objectOr } from '#document/document.ts'
import { inputText, readInputs } from '#plugins/inputs.ts'
import { failed, type Plugin, type PluginIo, succeeded } from '#plugins/plugin.ts'

/** aws:runDocument: runs a document of the server, or one that an earlier step downloaded, as one step. */
export const runDocument: Plugin = {
  name: 'aws:runDocument',
  async run(step, io) {
    const inputs = readInputs(step.inputs)
    const type = inputText(inputs, 'documentType')
    const path = inputText(inputs, 'documentPath')
    if (type === '')
      return failed('invalid input: Document Type must be specified to either by SSMDocument or LocalPath.')
    if (type !== 'SSMDocument' && type !== 'LocalPath')
      return failed('invalid input: Document type specified in invalid')
    if (path === '') return failed('invalid input: Document Path must be provided')
    if (path === 'AWS-Noop') return succeeded('')
    // Kept, because the document may be another one when the agent comes back.
    const text = await io.once('document', () => (type === 'SSMDocument' ? fromServer(path, io) : fromFile(path, io)))
    const parameters = await parseStructured(inputs.get('documentparameters'))
    return io.document(objectOr(await parseStructured(text)), withoutNulls(objectOr(parameters)))
  },
}

function fromServer(path: string, io: PluginIo): Promise<string> {
  const { name, version } = nameAndVersion(path)
  return io.server.getDocument(name, version)
}

function fromFile(path: string, io: PluginIo): Promise<string> {
  return readFile(isAbsolute(path) ? path : join(io.downloads, path), 'utf8')
}

/** Splits `name`, `name:version` or an ARN, in which the name has colons of its own. */
export function nameAndVersion(path: string): { name: string; version: string | undefined } {
  const [, name = path, version] = /^(arn:[^/]*\/[^:]+|[^:]+)(?::(.+))?$/.exec(path) ?? []
  return { name, version }
}

/** A value that may be given as JSON or YAML text. */
async function parseStructured(value: unknown): Promise<unknown> {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    // Loaded only when somebody uses YAML: it would be a tenth of an idle agent's memory.
    const { parse } = await import('yaml')
    return parse(value)
  }
}

function withoutNulls(parameters: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== null))
}
