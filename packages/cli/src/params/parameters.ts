/** Calls that several commands on parameters make. */
import type { ssm } from '@steward/model'
import { Api, type Wire } from '#api.ts'
import { connection } from '#connection.ts'
import { ApiFault, Fault } from '#fault.ts'
import type { Io } from '#io.ts'
import { pages } from '#pages.ts'

export type Parameter = Wire<ssm.Parameter>
export type Described = Wire<ssm.ParameterMetadata>
export type Version = Wire<ssm.ParameterHistory>
export type ParameterType = ssm.ParameterType

/** That of SecureStrings that say none. */
export const DEFAULT_KEY = 'alias/aws/ssm'

export function apiOf(io: Io): Api {
  return new Api(connection(io.env))
}

/** A path as people write it: with or without slashes around it. */
export function pathOf(text: string | undefined): string {
  return `/${(text ?? '').replace(/^\/+|\/+$/g, '')}`
}

/** All under a path, in order, decrypted. */
export function parametersUnder(api: Api, path: string): Promise<Parameter[]> {
  return pages(
    (NextToken) =>
      api.ssm('GetParametersByPath', { Path: path, Recursive: true, WithDecryption: true, MaxResults: 10, NextToken }),
    ({ Parameters }) => Parameters,
  )
}

/** What is known of all under a path, but for their values. */
export function describedUnder(api: Api, path: string): Promise<Described[]> {
  const filter = { Key: 'Path', Option: 'Recursive', Values: [path] }
  return pages(
    (NextToken) => api.ssm('DescribeParameters', { MaxResults: 50, ParameterFilters: [filter], NextToken }),
    ({ Parameters }) => Parameters,
  )
}

const NAMES_AT_ONCE = 10

/** Those of these names that there are, decrypted, by name. */
export async function parametersNamed(api: Api, names: readonly string[]): Promise<Map<string, Parameter>> {
  const found = new Map<string, Parameter>()
  for (let at = 0; at < names.length; at += NAMES_AT_ONCE) {
    const Names = names.slice(at, at + NAMES_AT_ONCE)
    const { Parameters = [] } = await api.ssm('GetParameters', { Names, WithDecryption: true })
    for (const parameter of Parameters) found.set(parameter.Name ?? '', parameter)
  }
  return found
}

const DESCRIBED_AT_ONCE = 50

/** What is known of those of these names that there are, but for their values, by name. */
export async function describedNamed(api: Api, names: readonly string[]): Promise<Map<string, Described>> {
  const found = new Map<string, Described>()
  for (let at = 0; at < names.length; at += DESCRIBED_AT_ONCE) {
    const Values = names.slice(at, at + DESCRIBED_AT_ONCE)
    const ParameterFilters = [{ Key: 'Name', Option: 'Equals', Values }]
    const described = await pages(
      (NextToken) => api.ssm('DescribeParameters', { ParameterFilters, MaxResults: DESCRIBED_AT_ONCE, NextToken }),
      ({ Parameters }) => Parameters,
    )
    const byKey = new Map(described.map((parameter) => [keyOf(parameter.Name ?? ''), parameter]))
    for (const name of Values) {
      const parameter = byKey.get(keyOf(name))
      if (parameter) found.set(name, parameter)
    }
  }
  return found
}

/** `foo` and `/foo` are one parameter, and it may be listed under either. */
function keyOf(name: string): string {
  return name.startsWith('/') ? name : `/${name}`
}

/** The tier of new parameters that say none; undefined where the caller may not know. */
export async function defaultTier(api: Api): Promise<string | undefined> {
  try {
    const SettingId = '/ssm/parameter-store/default-parameter-tier'
    return (await api.ssm('GetServiceSetting', { SettingId })).ServiceSetting?.SettingValue
  } catch (error) {
    if (error instanceof ApiFault) return undefined
    throw error
  }
}

/** All kept versions, oldest first, decrypted if asked for. */
export function history(api: Api, name: string, decrypted: boolean): Promise<Version[]> {
  return pages(
    (NextToken) => api.ssm('GetParameterHistory', { Name: name, WithDecryption: decrypted, MaxResults: 50, NextToken }),
    ({ Parameters }) => Parameters,
  )
}

/** A version, or the latest if none is said. Rejects with Fault if it is not among them. */
export function versionOf(versions: readonly Version[], name: string, wanted: number | undefined): Version {
  const found = wanted === undefined ? versions.at(-1) : versions.find(({ Version }) => Version === wanted)
  if (found) return found
  const kept = `${versions[0]?.Version} to ${versions.at(-1)?.Version}`
  throw new Fault(`${name} has no version ${wanted}; kept are ${kept}.`, { exitCode: 1 })
}

/** The parameter, decrypted; undefined if there is none. */
export async function parameterIfAny(api: Api, name: string): Promise<Parameter | undefined> {
  try {
    return (await api.ssm('GetParameter', { Name: name, WithDecryption: true })).Parameter
  } catch (error) {
    if (error instanceof ApiFault && error.code === 'ParameterNotFound') return undefined
    throw error
  }
}

/** All that a stream has to say. */
export async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks).toString()
}
