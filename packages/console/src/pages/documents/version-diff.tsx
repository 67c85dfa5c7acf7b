import type { DocumentVersionInfo } from '@aws-sdk/client-ssm'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { CliCommand } from '#components/cli-command.tsx'
import { Diff } from '#components/editor/editor.tsx'
import { Loaded } from '#components/loaded.tsx'
import { documents } from '#texts/documents.ts'
import { contentCommand, useContent } from './documents-data.ts'
import { LANGUAGES } from './editing/form.ts'

const texts = documents.versions

interface VersionDiffProps {
  readonly name: string
  readonly one: DocumentVersionInfo
  readonly other: DocumentVersionInfo
  readonly onClose: () => void
}

/** What differs between the contents of two versions. */
export function VersionDiff({ name, one, other, onClose }: VersionDiffProps) {
  const mixed = one.DocumentFormat !== other.DocumentFormat
  const format = mixed ? 'YAML' : (one.DocumentFormat ?? 'JSON')
  const before = useContent(name, one.DocumentVersion!, format)
  const after = useContent(name, other.DocumentVersion!, format)
  return (
    <Container
      header={
        <Header
          description={mixed && texts.formats}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <CliCommand command={diffCommand(name, one.DocumentVersion!, other.DocumentVersion!)} />
              <Button iconName="close" onClick={onClose}>
                {texts.stop}
              </Button>
            </SpaceBetween>
          }
        >
          {texts.comparing(one.DocumentVersion!, other.DocumentVersion!)}
        </Header>
      }
    >
      <Loaded read={before}>
        {(left) => (
          <Loaded read={after}>
            {(right) =>
              left === right ? (
                <Box color="text-body-secondary">{texts.same}</Box>
              ) : (
                <Diff
                  before={left}
                  after={right}
                  language={LANGUAGES[format]}
                  label={texts.compareLabel(one.DocumentVersion!, other.DocumentVersion!)}
                />
              )
            }
          </Loaded>
        )}
      </Loaded>
    </Container>
  )
}

function diffCommand(name: string, ...versions: readonly [string, string]): string {
  const contents = versions.map((version) => `<(${contentCommand(name, version)} --query Content --output text)`)
  return `diff ${contents.join(' ')}`
}
