import type { ParameterMetadata } from '@aws-sdk/client-ssm'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import { CliCommand } from '#components/cli-command.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Copyable } from '#components/copyable.tsx'
import { shellWords } from '#components/shell-words.ts'
import { Time } from '#components/time.tsx'
import { keyPage } from '#pages/keys/read-keys.ts'
import { common } from '#texts/common.ts'
import { parameters as texts } from '#texts/parameters.ts'
import { Person, TypeName } from './parameter-columns.tsx'
import { isPublic, isShared } from './paths.ts'
import { expirationOf } from './policies.ts'

const { columns: names } = texts

/** What a parameter is, apart from its value. */
export function DetailsPanel({ parameter }: { parameter: ParameterMetadata }) {
  const { Name = '', Type = '', Tier, Version, DataType, KeyId, AllowedPattern, Description, ARN = '' } = parameter
  const expires = expirationOf(parameter.Policies ?? [])
  const command =
    isPublic(Name) || isShared(Name)
      ? shellWords('aws', 'ssm', 'get-parameter', '--name', Name)
      : shellWords('aws', 'ssm', 'describe-parameters', '--parameter-filters', `Key=Name,Values=${Name}`)
  return (
    <Container header={<Header actions={<CliCommand command={command} />}>{texts.details}</Header>}>
      <KeyValuePairs
        columns={3}
        minColumnWidth={220}
        items={[
          { label: names.type, value: <TypeName type={Type} /> },
          { label: names.tier, value: Tier ?? common.unknown },
          { label: names.version, value: Version },
          { label: names.dataType, value: DataType },
          { label: names.modified, value: <Time at={parameter.LastModifiedDate} /> },
          {
            label: names.user,
            value: parameter.LastModifiedUser ? <Person arn={parameter.LastModifiedUser} /> : common.unknown,
          },
          ...(KeyId ? [{ label: names.key, value: <KeyLink keyId={KeyId} /> }] : []),
          ...(expires ? [{ label: texts.expires, value: <Time at={expires} /> }] : []),
          ...(AllowedPattern
            ? [{ label: names.pattern, value: <code className="st-mono">{AllowedPattern}</code> }]
            : []),
          { label: names.description, value: Description || common.none },
          ...(Type === 'SecureString'
            ? []
            : [{ label: texts.reference, value: <Copyable text={`{{ssm:${Name}}}`} /> }]),
          { label: names.arn, value: <Copyable text={ARN} /> },
        ]}
      />
    </Container>
  )
}

function KeyLink({ keyId }: { keyId: string }) {
  return <ConsoleLink to={keyPage(keyId)}>{keyId}</ConsoleLink>
}
