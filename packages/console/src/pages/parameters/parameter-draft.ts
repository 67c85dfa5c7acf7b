/** A parameter as somebody fills it in, and the calls that it comes to. */
import type { ParameterMetadata, PutParameterCommandInput } from '@aws-sdk/client-ssm'
import { shellWords } from '#components/shell-words.ts'
import { policiesText } from './policies.ts'
import { matchesPattern, nameFault, patternFault, valueFault } from './rules.ts'

export type ParameterType = 'String' | 'StringList' | 'SecureString'
export type Tier = 'Standard' | 'Advanced' | 'Intelligent-Tiering'

export interface Draft {
  readonly name: string
  readonly description: string
  readonly type: ParameterType
  readonly tier: Tier
  readonly dataType: string
  readonly keyId: string
  readonly value: string
  readonly pattern: string
  /** JSON, or nothing. */
  readonly policies: string
  readonly tags: readonly { readonly key: string; readonly value: string }[]
}

export const DEFAULT_KEY = 'alias/aws/ssm'

export function newParameter(path: string): Draft {
  return {
    name: path === '/' ? '/' : `${path}/`,
    description: '',
    type: 'String',
    tier: 'Standard',
    dataType: 'text',
    keyId: DEFAULT_KEY,
    value: '',
    pattern: '',
    policies: '',
    tags: [],
  }
}

export function draftOf(parameter: ParameterMetadata, value: string): Draft {
  const { Name = '', Description = '', Type, Tier, DataType = 'text', KeyId, AllowedPattern = '' } = parameter
  return {
    name: Name,
    description: Description,
    type: Type ?? 'String',
    tier: (Tier ?? 'Standard') as Tier,
    dataType: DataType,
    keyId: KeyId ?? DEFAULT_KEY,
    value,
    pattern: AllowedPattern,
    policies: policiesText(parameter.Policies ?? []),
    tags: [],
  }
}

/** What is wrong with each field, of those that say so. */
export interface Faults {
  readonly name?: string | undefined
  readonly value?: string | undefined
  readonly pattern?: string | undefined
}

export function faultsOf({ name, value, tier, pattern }: Draft): Faults {
  return { name: nameFault(name), value: valueFault(value, tier), pattern: patternFault(pattern) }
}

export function isComplete(draft: Draft): boolean {
  const mismatch = matchesPattern(draft.pattern, draft.value) === false
  return !mismatch && Object.values(faultsOf(draft)).every((fault) => fault === undefined)
}

/** Everything for a new parameter. */
export function toCreate(draft: Draft): PutParameterCommandInput {
  const { name, description, pattern, tags, tier } = draft
  // Chosen for another tier before.
  const policies = tier === 'Standard' ? '' : draft.policies
  return {
    Name: name,
    ...common(draft),
    ...(description && { Description: description }),
    ...(pattern && { AllowedPattern: pattern }),
    ...(policies && { Policies: policies }),
    ...(tags.length > 0 && { Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })) }),
  }
}

/** A new version: what is as before is left out, and stays. */
export function toOverwrite(draft: Draft, before: Draft): PutParameterCommandInput {
  const changed = <T>(of: (draft: Draft) => T, name: string, empty?: T) =>
    of(draft) === of(before) ? {} : { [name]: of(draft) || empty }
  return {
    Name: draft.name,
    ...common(draft),
    Overwrite: true,
    ...changed(({ description }) => description, 'Description', ''),
    ...changed(({ pattern }) => pattern, 'AllowedPattern', ''),
    ...changed(({ policies }) => policies, 'Policies', '[]'),
  }
}

function common({ type, tier, dataType, keyId, value }: Draft) {
  return {
    Type: type,
    Tier: tier,
    DataType: dataType,
    Value: value,
    ...(type === 'SecureString' && { KeyId: keyId }),
  }
}

const HIDDEN = '********'

/** The same from a terminal; what is secret has to be filled in there. */
export function putCommand({ Tags, Overwrite, ...input }: PutParameterCommandInput): string {
  const value = input.Value && input.Type === 'SecureString' ? HIDDEN : input.Value
  const words = Object.entries({ ...input, Value: value }).flatMap(([member, text]) =>
    text === undefined ? [] : [`--${member.replace(/(?<=.)([A-Z])/g, '-$1').toLowerCase()}`, String(text)],
  )
  const tags = Tags?.map(({ Key, Value }) => `Key=${Key},Value=${Value}`) ?? []
  return shellWords(
    'aws',
    'ssm',
    'put-parameter',
    ...words,
    Overwrite && '--overwrite',
    tags.length > 0 && '--tags',
    ...tags,
  )
}
