import type { DocumentDescription } from '@aws-sdk/client-ssm'
import Alert from '@cloudscape-design/components/alert'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import type { Params } from '#app/area.ts'
import { ButtonLink } from '#components/button-link.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { documents } from '#texts/documents.ts'
import { documentPath, shortName } from './document-name.ts'
import { useContent, useDocument } from './documents-data.ts'
import { EditDocumentForm } from './edit-document-form.tsx'
import { formOf } from './editing/form.ts'
import { noEditBecause } from './owner.ts'

const texts = documents.form

/** Writes the next version of a document, from the latest or from the one that the address names. */
export function EditDocumentPage({ params: { name = '' } }: { params: Params }) {
  const [search] = useSearchParams()
  const from = useDocument(name, search.get('version') ?? '$LATEST')
  return (
    <PageFrame
      title={texts.editTitle(shortName(name))}
      description={from.data && texts.editHint(from.data.LatestVersion ?? '')}
      above={[
        { text: documents.title, to: '/documents' },
        { text: shortName(name), to: documentPath(name) },
      ]}
      contentType="form"
    >
      <Loaded read={from}>
        {(document) => {
          const refusal = noEditBecause(document)
          if (refusal === undefined) return <Edit name={name} from={document} />
          const clone = `/documents/new?${new URLSearchParams({ clone: name })}`
          return (
            <Alert type="info" action={<ButtonLink to={clone}>{documents.clone}</ButtonLink>}>
              {refusal}
            </Alert>
          )
        }}
      </Loaded>
    </PageFrame>
  )
}

/** Goes on with what was read first: later versions are told of, not put under the person's hands. */
function Edit({ name, from }: { name: string; from: DocumentDescription }) {
  const [begun] = useState(from)
  const read = useContent(name, begun.DocumentVersion!, formOf(begun))
  return (
    <Loaded read={read}>
      {(content) => <EditDocumentForm name={name} begun={begun} latest={from.LatestVersion!} content={content} />}
    </Loaded>
  )
}
