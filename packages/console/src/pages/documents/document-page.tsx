import type { DocumentDescription } from '@aws-sdk/client-ssm'
import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import type { Params } from '#app/area.ts'
import { ButtonLink } from '#components/button-link.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { shellWords } from '#components/shell-words.ts'
import { documents as texts } from '#texts/documents.ts'
import { sessionTypeOf } from './content.ts'
import { DeleteDocuments } from './delete-documents.tsx'
import { DocumentDetails } from './document-details.tsx'
import { documentEditPath, documentPath, shortName } from './document-name.ts'
import { DocumentTabs } from './document-tabs.tsx'
import { useContent, useDocument } from './documents-data.ts'
import { FavouriteStar } from './favourite-star.tsx'
import { noEditBecause, originOf } from './owner.ts'

/** One document: what it is, what it does, what became of it. */
export function DocumentPage({ params: { name = '' } }: { params: Params }) {
  const [search] = useSearchParams()
  const version = search.get('version') ?? undefined
  const read = useDocument(name, version)
  return (
    <PageFrame
      title={shortName(name)}
      info={<FavouriteStar name={name} />}
      above={[{ text: texts.title, to: '/documents' }]}
      actions={read.data && <Actions name={name} document={read.data} version={version} />}
    >
      <Loaded read={read}>
        {(document) => (
          <SpaceBetween size="l">
            <OtherVersion name={name} document={document} />
            <DocumentDetails document={document} />
            <DocumentTabs name={name} document={document} />
          </SpaceBetween>
        )}
      </Loaded>
    </PageFrame>
  )
}

/** Says when what is shown is not what runs by default. */
function OtherVersion({ name, document }: { name: string; document: DocumentDescription }) {
  const [, navigate] = useLocation()
  const { DocumentVersion = '', DefaultVersion = '' } = document
  if (DocumentVersion === DefaultVersion) return null
  return (
    <Alert
      type="info"
      action={<Button onClick={() => navigate(documentPath(name))}>{texts.read.toDefault(DefaultVersion)}</Button>}
    >
      {texts.read.notDefault(DocumentVersion, DefaultVersion)}
    </Alert>
  )
}

interface ActionsProps {
  readonly name: string
  readonly document: DocumentDescription
  /** As the address names it. */
  readonly version: string | undefined
}

function Actions({ name, document, version }: ActionsProps) {
  const [, navigate] = useLocation()
  const [deleting, setDeleting] = useState(false)
  const own = originOf(document) === 'own'
  const refusal = noEditBecause(document)
  const acts: Readonly<Record<string, () => void>> = {
    edit: () => navigate(documentEditPath(name)),
    clone: () => navigate(`/documents/new?${new URLSearchParams({ clone: name, ...(version && { version }) })}`),
    delete: () => setDeleting(true),
  }
  const run = new URLSearchParams({ document: name, ...(version && { version }) })
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <CliCommand command={describeCommand(name, version)} />
      <ButtonDropdown
        items={[
          {
            id: 'edit',
            text: texts.edit,
            disabled: refusal !== undefined,
            ...(refusal && { disabledReason: refusal }),
          },
          { id: 'clone', text: texts.clone },
          { id: 'delete', text: texts.delete, disabled: !own, ...(!own && { disabledReason: texts.remove.notOwn }) },
        ]}
        onItemClick={({ detail }) => acts[detail.id]?.()}
      >
        {texts.actions}
      </ButtonDropdown>
      {document.DocumentType === 'Command' && (
        <ButtonLink to={`/commands/run?${run}`} variant="primary">
          {texts.run}
        </ButtonLink>
      )}
      {document.DocumentType === 'Session' && <StartSession name={name} version={document.DocumentVersion!} />}
      {deleting && (
        <DeleteDocuments names={[name]} onClose={() => setDeleting(false)} onDeleted={() => navigate('/documents')} />
      )}
    </SpaceBetween>
  )
}

/** To a shell with the document, if that is what it is for. */
function StartSession({ name, version }: { name: string; version: string }) {
  const content = useContent(name, version, 'JSON')
  if (!content.data || sessionTypeOf(content.data) !== 'Standard_Stream') return null
  return (
    <ButtonLink to={`/sessions/shell?new&${new URLSearchParams({ document: name })}`} variant="primary">
      {texts.startSession}
    </ButtonLink>
  )
}

function describeCommand(name: string, version: string | undefined): string {
  const more = version === undefined ? [] : ['--document-version', version]
  return shellWords('aws', 'ssm', 'describe-document', '--name', name, ...more)
}
