import type { DocumentDescription } from '@aws-sdk/client-ssm'
import { useSearchParams } from 'wouter'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { documents } from '#texts/documents.ts'
import { shortName } from './document-name.ts'
import { useContent, useDocument } from './documents-data.ts'
import { formOf } from './editing/form.ts'
import { type NewDocument, NewDocumentForm } from './new-document-form.tsx'
import { nameForCopy } from './rules.ts'
import { TEMPLATES } from './templates.ts'

const texts = documents.form

const ANEW: NewDocument = {
  name: '',
  type: 'Command',
  form: 'YAML',
  content: TEMPLATES.Command!,
  versionName: '',
  displayName: '',
  targetType: '',
  tags: [],
}

/** Writes a document, from the beginning or from what another one says. */
export function NewDocumentPage() {
  const [search] = useSearchParams()
  const from = search.get('clone')
  return (
    <PageFrame
      title={from ? texts.cloneTitle(shortName(from)) : texts.newTitle}
      description={texts.newHint}
      above={[{ text: documents.title, to: '/documents' }]}
      contentType="form"
    >
      {from ? (
        <Clone from={from} version={search.get('version') ?? undefined} />
      ) : (
        <NewDocumentForm initial={ANEW} draft="documents/new" />
      )}
    </PageFrame>
  )
}

function Clone({ from, version }: { from: string; version: string | undefined }) {
  const read = useDocument(from, version)
  return <Loaded read={read}>{(document) => <CloneOf from={from} document={document} />}</Loaded>
}

function CloneOf({ from, document }: { from: string; document: DocumentDescription }) {
  const form = formOf(document)
  const read = useContent(from, document.DocumentVersion!, form)
  return (
    <Loaded read={read}>
      {(content) => (
        <NewDocumentForm
          initial={{
            ...ANEW,
            name: nameForCopy(shortName(from)),
            type: document.DocumentType ?? 'Command',
            form,
            content,
            targetType: document.TargetType ?? '',
          }}
          draft={`documents/new/${from}`}
        />
      )}
    </Loaded>
  )
}
