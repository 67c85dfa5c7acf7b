import Alert from '@cloudscape-design/components/alert'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import { useState } from 'react'
import { Editor } from '#components/editor/editor.tsx'
import { access } from '#texts/access.ts'
import { inOrder, readPolicy, textOf } from './policy-document.ts'
import { StatementForms } from './statement-forms.tsx'

const texts = access.editor

/** A policy as forms or as JSON, whichever the person likes; both change the same text. */
export function PolicyEditor({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const [mode, setMode] = useState<'form' | 'json'>('form')
  const document = readPolicy(text)
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={texts.hint}
          actions={
            <SegmentedControl
              label={texts.mode}
              selectedId={mode}
              onChange={({ detail }) => setMode(detail.selectedId as 'form' | 'json')}
              options={[
                { id: 'form', text: texts.form },
                { id: 'json', text: texts.json },
              ]}
            />
          }
        >
          {texts.title}
        </Header>
      }
    >
      {mode === 'json' ? (
        <Editor label={texts.title} language="json" value={text} onChange={onChange} lines={24} />
      ) : document ? (
        <StatementForms
          statements={document.Statement}
          onChange={(statements) => onChange(textOf({ ...document, Statement: statements.map(inOrder) }))}
        />
      ) : (
        <Alert type="warning" header={texts.unreadable}>
          {texts.unreadableHint}
        </Alert>
      )}
    </Container>
  )
}
