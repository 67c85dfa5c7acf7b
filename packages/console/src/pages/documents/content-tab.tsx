import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import Header from '@cloudscape-design/components/header'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useSearchParams } from 'wouter'
import { CliCommand } from '#components/cli-command.tsx'
import { Copyable } from '#components/copyable.tsx'
import { Editor } from '#components/editor/editor.tsx'
import { Loaded } from '#components/loaded.tsx'
import { saveFile } from '#components/save-file.ts'
import { shellWords } from '#components/shell-words.ts'
import { common } from '#texts/common.ts'
import { documents } from '#texts/documents.ts'
import { shortName } from './document-name.ts'
import type { DocumentTabProps } from './document-tabs.tsx'
import { useContent } from './documents-data.ts'
import { type Form, formOf, LANGUAGES } from './editing/form.ts'

const texts = documents.read

/** The content, in either format. */
export function ContentTab({ name, document }: DocumentTabProps) {
  const [search, setSearch] = useSearchParams()
  const own = formOf(document)
  const asked = search.get('format')
  const form: Form = own !== 'TEXT' && (asked === 'YAML' || asked === 'JSON') ? asked : own
  const version = document.DocumentVersion!
  const read = useContent(name, version, form)
  return (
    <Container
      header={
        <Header
          description={document.Hash && <Hash of={document.Hash} />}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {own !== 'TEXT' && (
                <SegmentedControl
                  label={texts.format}
                  selectedId={form}
                  options={[
                    { id: 'YAML', text: 'YAML' },
                    { id: 'JSON', text: 'JSON' },
                  ]}
                  onChange={({ detail }) =>
                    setSearch((last) => withParam(last, 'format', detail.selectedId), { replace: true })
                  }
                />
              )}
              <CliCommand command={getCommand(name, version, form)} />
              <CopyToClipboard
                copyButtonText={common.copy}
                copyButtonAriaLabel={texts.copy}
                copySuccessText={common.copied}
                copyErrorText={common.failed.other}
                textToCopy={read.data ?? ''}
                disabled={read.data === undefined}
              />
              <Button
                iconName="download"
                ariaLabel={texts.download}
                disabled={read.data === undefined}
                onClick={() => saveFile(`${shortName(name)}.${EXTENSIONS[form]}`, read.data ?? '')}
              />
            </SpaceBetween>
          }
        >
          {documents.tabs.content}
        </Header>
      }
    >
      <Loaded read={read}>
        {(content) => (
          <Editor value={content} language={LANGUAGES[form]} label={texts.contentOf(shortName(name), version)} />
        )}
      </Loaded>
    </Container>
  )
}

/** Of the content as it was written. */
function Hash({ of }: { of: string }) {
  return (
    <>
      {texts.hash} <Copyable text={of} />
    </>
  )
}

const EXTENSIONS: Readonly<Record<Form, string>> = { YAML: 'yaml', JSON: 'json', TEXT: 'txt' }

function withParam(search: URLSearchParams, name: string, value: string): URLSearchParams {
  const next = new URLSearchParams(search)
  next.set(name, value)
  return next
}

function getCommand(name: string, version: string, form: Form): string {
  const wanted = ['--name', name, '--document-version', version, '--document-format', form]
  return shellWords('aws', 'ssm', 'get-document', ...wanted, '--query', 'Content', '--output', 'text')
}
