import type { KeyMetadata } from '@aws-sdk/client-kms'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import { CliCommand } from '#components/cli-command.tsx'
import { Copyable } from '#components/copyable.tsx'
import { shellWords } from '#components/shell-words.ts'
import { Time } from '#components/time.tsx'
import { common } from '#texts/common.ts'
import { keys as texts } from '#texts/keys.ts'
import { KeyState } from './key-state.tsx'
import { usageText } from './list-page.tsx'
import { useAliasesOf } from './read-keys.ts'

const { columns: names } = texts

export function KeyDetails({ metadata }: { metadata: KeyMetadata }) {
  const { KeyId: keyId = '', Arn: arn = '', KeyState: state, KeySpec, KeyUsage, CreationDate, Description } = metadata
  const aliases = useAliasesOf(keyId)
  const command = shellWords('aws', 'kms', 'describe-key', '--key-id', keyId)
  return (
    <Container header={<Header actions={<CliCommand command={command} />}>{texts.details}</Header>}>
      <KeyValuePairs
        columns={3}
        minColumnWidth={220}
        items={[
          { label: names.state, value: <KeyState state={state} /> },
          { label: names.alias, value: aliases.data?.join(', ') || common.none },
          { label: names.spec, value: KeySpec },
          { label: names.usage, value: usageText(KeyUsage) },
          { label: names.manager, value: texts.managers[metadata.KeyManager ?? 'CUSTOMER'] },
          { label: names.created, value: <Time at={CreationDate} /> },
          { label: names.description, value: Description || common.none },
          { label: names.arn, value: <Copyable text={arn} /> },
        ]}
      />
    </Container>
  )
}
