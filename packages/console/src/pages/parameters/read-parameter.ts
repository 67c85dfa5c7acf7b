/** What is known of one parameter, as pages read it. Values that are encrypted are never kept: see {@link revealed}. */
import {
  DescribeParametersCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  type ParameterMetadata,
} from '@aws-sdk/client-ssm'
import { ssm } from '#api/clients/ssm.ts'
import { failureOf, isForbidden } from '#api/failure.ts'
import { allPages, useRead } from '#api/queries.ts'
import { isPublic, isShared, nameInArn } from './paths.ts'

const AT_ONCE = 50

/** What there is to know of it without its value; null if there is no such parameter. */
export function useParameter(name: string) {
  return useRead('parameters', ['one', name], (signal) => describe(name, signal), { keepLast: false })
}

/**
 * The same for its page: whoever may read the parameter but not describe any, as policies on a path often have it, sees what comes
 * with its value; so does everybody of a public one, which no list by names has.
 */
export function useShownParameter(name: string) {
  return useRead('parameters', ['shown', name], (signal) => shown(name, signal), { keepLast: false })
}

async function shown(name: string, abortSignal: AbortSignal): Promise<ParameterMetadata | null> {
  try {
    if (isShared(name)) return await describeShared(name, abortSignal)
    if (!isPublic(name)) return await describe(name, abortSignal)
  } catch (error) {
    if (!isForbidden(error)) throw error
  }
  return withoutValue(name, abortSignal)
}

async function withoutValue(Name: string, abortSignal: AbortSignal): Promise<ParameterMetadata | null> {
  try {
    const { Parameter } = await ssm().send(new GetParameterCommand({ Name }), { abortSignal })
    const { Value, Selector, SourceResult, ...known } = Parameter ?? {}
    return { ...known, Name }
  } catch (error) {
    if (failureOf(error).code === 'ParameterNotFound') return null
    throw error
  }
}

async function describe(name: string, abortSignal: AbortSignal): Promise<ParameterMetadata | null> {
  const ParameterFilters = [{ Key: 'Name', Option: 'Equals', Values: [name] }]
  const { Parameters } = await ssm().send(new DescribeParametersCommand({ ParameterFilters }), { abortSignal })
  return Parameters?.[0] ?? null
}

/** Its name is the ARN, by which it is read. */
async function describeShared(arn: string, abortSignal: AbortSignal): Promise<ParameterMetadata | null> {
  const ParameterFilters = [{ Key: 'Name', Option: 'Equals', Values: [nameInArn(arn)] }]
  const command = new DescribeParametersCommand({ Shared: true, ParameterFilters })
  const { Parameters = [] } = await ssm().send(command, { abortSignal })
  const found = Parameters.find(({ ARN }) => ARN === arn)
  return found ? { ...found, Name: arn } : null
}

/** What other accounts share with this one; all of it, since there are few. */
export function useShared() {
  return useRead('parameters', ['shared'], (abortSignal) =>
    allPages(async (NextToken) => {
      const command = new DescribeParametersCommand({ Shared: true, MaxResults: AT_ONCE, NextToken })
      const { Parameters = [], NextToken: next } = await ssm().send(command, { abortSignal })
      return { items: Parameters, next }
    }),
  )
}

/** The value as it rests: of a SecureString, its ciphertext. */
export function usePlainValue(name: string, enabled: boolean) {
  return useRead('parameters', ['value', name], (signal) => readValue(name, false, signal), {
    enabled,
    keepLast: false,
  })
}

/** The value decrypted, of a version if the name says `:3`. Each call is on the audit trail. */
export function revealed(name: string): Promise<string> {
  return readValue(name, true)
}

async function readValue(Name: string, WithDecryption: boolean, abortSignal?: AbortSignal): Promise<string> {
  const options = abortSignal ? { abortSignal } : {}
  const { Parameter } = await ssm().send(new GetParameterCommand({ Name, WithDecryption }), options)
  return Parameter?.Value ?? ''
}

/** All versions that are kept, the newest first; values of SecureStrings stay encrypted. */
export function useHistory(name: string) {
  return useRead(
    'parameters',
    ['history', name],
    async (abortSignal) => {
      const versions = await allPages(async (NextToken) => {
        const command = new GetParameterHistoryCommand({ Name: name, MaxResults: AT_ONCE, NextToken })
        const page = await ssm().send(command, { abortSignal })
        return { items: page.Parameters ?? [], next: page.NextToken }
      })
      return versions.reverse()
    },
    { keepLast: false },
  )
}
