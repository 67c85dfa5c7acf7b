import type { ParameterHistory } from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { CliCommand } from '#components/cli-command.tsx'
import { Diff } from '#components/editor/editor.tsx'
import { Failed } from '#components/failed.tsx'
import { shellWords } from '#components/shell-words.ts'
import { common } from '#texts/common.ts'
import { parameters as texts } from '#texts/parameters.ts'
import { revealed } from './read-parameter.ts'
import { useRevealed } from './use-revealed.ts'

export interface CompareVersionsProps {
  readonly name: string
  readonly before: ParameterHistory
  readonly after: ParameterHistory
  readonly onClose: () => void
}

/** What differs between the values of two versions. Secret ones are decrypted when asked for. */
export function CompareVersions({ name, before, after, onClose }: CompareVersionsProps) {
  const isSecret = [before, after].some(({ Type }) => Type === 'SecureString')
  const versions = [before.Version, after.Version]
  const secret = useRevealed(
    () => Promise.all(versions.map((version) => revealed(`${name}:${version}`))),
    `${name}:${versions}`,
  )
  const values = isSecret ? secret.value : [before.Value ?? '', after.Value ?? '']
  return (
    <Container
      header={
        <Header
          variant="h3"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <CliCommand command={shellWords('npx', 'steward', 'params', 'diff', name, ...versions)} />
              {isSecret && (
                <Button loading={secret.busy} onClick={() => (secret.value ? secret.hide() : void secret.show())}>
                  {secret.value ? texts.value.hide : texts.comparing.reveal}
                </Button>
              )}
              <Button iconName="close" variant="icon" ariaLabel={common.close} onClick={onClose} />
            </SpaceBetween>
          }
        >
          {texts.comparing.title(before.Version ?? 0, after.Version ?? 0)}
        </Header>
      }
    >
      {secret.error !== undefined ? (
        <Failed error={secret.error} />
      ) : !values ? (
        <Box color="text-body-secondary">{texts.comparing.hidden}</Box>
      ) : values[0] === values[1] ? (
        <Box>{texts.comparing.equal}</Box>
      ) : (
        <Diff
          before={values[0]!}
          after={values[1]!}
          language={isJson(values[1]!) ? 'json' : 'text'}
          label={texts.comparing.title(before.Version ?? 0, after.Version ?? 0)}
        />
      )}
    </Container>
  )
}

function isJson(text: string): boolean {
  return /^\s*[[{]/.test(text)
}
