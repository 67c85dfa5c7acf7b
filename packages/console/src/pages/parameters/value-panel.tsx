import type { ParameterMetadata } from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { CliCommand } from '#components/cli-command.tsx'
import { Failed } from '#components/failed.tsx'
import { Loaded } from '#components/loaded.tsx'
import { shellWords } from '#components/shell-words.ts'
import { common } from '#texts/common.ts'
import { parameters as texts } from '#texts/parameters.ts'
import { copySecret } from './copy-secret.ts'
import { revealed, usePlainValue } from './read-parameter.ts'
import { SHOWN_MS, useRevealed } from './use-revealed.ts'

/** The value: of a SecureString only when asked for, and only for a while. */
export function ValuePanel({ parameter }: { parameter: ParameterMetadata }) {
  return parameter.Type === 'SecureString' ? (
    <SecretValue parameter={parameter} />
  ) : (
    <PlainValue parameter={parameter} />
  )
}

function PlainValue({ parameter: { Name = '', Type } }: { parameter: ParameterMetadata }) {
  const read = usePlainValue(Name, true)
  return (
    <Container
      header={
        <Header
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <CliCommand command={shellWords('aws', 'ssm', 'get-parameter', '--name', Name)} />
              {read.data !== undefined && <CopyValue value={read.data} />}
            </SpaceBetween>
          }
        >
          {texts.value.title}
        </Header>
      }
    >
      <Loaded read={read}>
        {(value) => (Type === 'StringList' ? <ListValue value={value} /> : <Value value={value} />)}
      </Loaded>
    </Container>
  )
}

interface SecretValueProps {
  readonly parameter: Pick<ParameterMetadata, 'Name' | 'Version'>
  readonly hint?: string
}

/** Something that is encrypted, or kept elsewhere. */
export function SecretValue({ parameter: { Name = '', Version }, hint = texts.value.secretHint }: SecretValueProps) {
  // Another version is another secret: what is shown would be old.
  const { value, busy, error, show, hide } = useRevealed(() => revealed(Name), `${Name}:${Version}`)
  const isShown = value !== undefined
  return (
    <Container
      header={
        <Header
          description={hint}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <CliCommand command={shellWords('aws', 'ssm', 'get-parameter', '--with-decryption', '--name', Name)} />
              <Button iconName="copy" onClick={() => void copySecret(Name)}>
                {texts.value.copy}
              </Button>
              <Button loading={busy} onClick={() => (isShown ? hide() : void show())}>
                {isShown ? texts.value.hide : texts.value.reveal}
              </Button>
            </SpaceBetween>
          }
        >
          {texts.value.title}
        </Header>
      }
    >
      <div role="status">
        {error !== undefined ? (
          <Failed error={error} />
        ) : isShown ? (
          <SpaceBetween size="xs">
            <Value value={value} />
            <Box variant="small" color="text-body-secondary">
              {texts.value.hidesAfter(SHOWN_MS / 1000)}
            </Box>
          </SpaceBetween>
        ) : (
          <span className="st-mono" role="img" aria-label={texts.value.hidden}>
            ••••••••••••
          </span>
        )}
      </div>
    </Container>
  )
}

function Value({ value }: { value: string }) {
  return <pre className="st-mono st-pre st-value">{value}</pre>
}

/** Who reads a list splits it at commas; there is no escape. */
function ListValue({ value }: { value: string }) {
  const items = value.split(',')
  return (
    <SpaceBetween size="xs">
      <ol className="st-mono">
        {items.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: items may be equal, and their place is what they are.
          <li key={index}>{item}</li>
        ))}
      </ol>
      <Box variant="small" color="text-body-secondary">
        {texts.value.items(items.length)}
      </Box>
    </SpaceBetween>
  )
}

function CopyValue({ value }: { value: string }) {
  return (
    <CopyToClipboard
      textToCopy={value}
      copyButtonText={common.copy}
      copySuccessText={common.copied}
      copyErrorText={common.failed.other}
    />
  )
}
