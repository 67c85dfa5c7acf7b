/** A parameter under another name: the call that makes it, and the same from a terminal. */
import type { ParameterMetadata, PutParameterCommandInput, Tag } from '@aws-sdk/client-ssm'
import { shellWords } from '#components/shell-words.ts'
import { putCommand } from './parameter-draft.ts'
import { policiesText } from './policies.ts'

/** All but the value. */
export function copyOf(from: ParameterMetadata, to: string, tags: readonly Tag[]): PutParameterCommandInput {
  const { Type, KeyId, Description, AllowedPattern, Tier, DataType, Policies = [] } = from
  const policies = policiesText(Policies)
  return {
    Name: to,
    Value: undefined,
    ...{ Type, KeyId, Description, AllowedPattern, Tier, DataType },
    ...(policies && { Policies: policies }),
    ...(tags.length > 0 && { Tags: [...tags] }),
  }
}

/** The value goes from one call to the other, so that it is neither shown nor kept. */
export function copyCommand(name: string, copy: PutParameterCommandInput, labels: readonly string[], isMove: boolean) {
  const aws = (...words: string[]) => shellWords('aws', 'ssm', ...words)
  const query = ['--query', 'Parameter.Value', '--output', 'text']
  const value = aws('get-parameter', '--name', name, '--with-decryption', ...query)
  const steps = [
    `${putCommand(copy)} \\\n  --value="$(${value})"`,
    labels.length > 0 && aws('label-parameter-version', '--name', copy.Name ?? '', '--labels', ...labels),
    isMove && aws('delete-parameter', '--name', name),
  ]
  return steps.filter(Boolean).join(' &&\n')
}
