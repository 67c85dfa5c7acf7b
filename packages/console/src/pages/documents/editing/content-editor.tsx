import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { EditorView } from '@codemirror/view'
import { useCallback, useMemo, useRef, useState } from 'react'
import { Confirm } from '#components/confirm.tsx'
import { Diff, Editor } from '#components/editor/editor.tsx'
import { documents } from '#texts/documents.ts'
import { MOST_BYTES } from '../rules.ts'
import { converted, hasComments } from './convert.ts'
import { documentLanguage, rangeOf } from './document-language.ts'
import { type Form, type Format, LANGUAGES } from './form.ts'
import { type Problem, validate } from './problem.ts'
import { type Judgement, Problems, Summary } from './problems.tsx'

const texts = documents.form

export interface ContentEditorProps {
  readonly type: string
  readonly form: Form
  readonly content: string
  readonly onChange: (content: string) => void
  /** The same content in another format. */
  readonly onForm: (form: Form, content: string) => void
  /** What the text was before anybody changed it, to compare with. */
  readonly before?: Written
}

interface Written {
  readonly content: string
  readonly form: Form
}

/** A content being written: completed and checked as one types, in either format. */
export function ContentEditor({ type, form, content, onChange, onForm, before }: ContentEditorProps) {
  const { judgement, extensions, goTo } = useDocumentLanguage(type, form)
  const [comparing, setComparing] = useState(false)
  return (
    <Container
      header={
        <Header
          description={<Summary judgement={judgement} />}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {before !== undefined && (
                <SegmentedControl
                  label={texts.changes}
                  selectedId={comparing ? 'changes' : 'write'}
                  options={[
                    { id: 'write', text: texts.write },
                    { id: 'changes', text: texts.changes },
                  ]}
                  onChange={({ detail }) => setComparing(detail.selectedId === 'changes')}
                />
              )}
              {form !== 'TEXT' && <FormatChoice form={form} content={content} onForm={onForm} />}
            </SpaceBetween>
          }
        >
          {texts.content}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {comparing && before !== undefined ? (
          <Changes before={before} after={content} form={form} />
        ) : (
          <Editor
            value={content}
            onChange={onChange}
            language={LANGUAGES[form]}
            label={texts.editorOf}
            extensions={extensions}
          />
        )}
        <Problems
          judgement={judgement}
          onGo={(problem) => {
            setComparing(false)
            goTo(problem)
          }}
        />
        <Box color="text-body-secondary" variant="small">
          <div className="st-spread">
            <span>{texts.keys}</span>
            <span className="st-number st-nowrap">{texts.size(bytesOf(content), MOST_BYTES)}</span>
          </div>
        </Box>
      </SpaceBetween>
    </Container>
  )
}

/** Completion and checks for the editor, and how the newest text was judged. */
function useDocumentLanguage(type: string, form: Form) {
  const [judgement, setJudgement] = useState<Judgement>()
  const view = useRef<EditorView>(undefined)
  const extensions = useMemo(() => {
    const check = async (text: string) => {
      try {
        const verdict = await validate(text, form, type)
        setJudgement({ verdict })
        return verdict
      } catch (failure) {
        setJudgement({ failure })
        return undefined
      }
    }
    const onView = (made: EditorView) => {
      view.current = made
    }
    return documentLanguage({ type, form, check, onView })
  }, [type, form])
  const goTo = useCallback((problem: Problem) => {
    if (!view.current) return
    const { from } = rangeOf(view.current.state.doc, problem)
    view.current.dispatch({ selection: { anchor: from }, scrollIntoView: true })
    view.current.focus()
  }, [])
  return { judgement, extensions, goTo }
}

function FormatChoice({ form, content, onForm }: Pick<ContentEditorProps, 'form' | 'content' | 'onForm'>) {
  const [asking, setAsking] = useState(false)
  const [unreadable, setUnreadable] = useState(false)
  function convert(to: Format) {
    const text = converted(content, to)
    setUnreadable(text === undefined)
    if (text !== undefined) onForm(to, text)
  }
  return (
    <>
      <SegmentedControl
        label={texts.format}
        selectedId={form}
        options={[
          { id: 'YAML', text: 'YAML' },
          { id: 'JSON', text: 'JSON' },
        ]}
        onChange={({ detail }) => {
          if (detail.selectedId === 'JSON' && hasComments(content)) setAsking(true)
          else convert(detail.selectedId as Format)
        }}
      />
      {unreadable && (
        <Alert type="warning" dismissible onDismiss={() => setUnreadable(false)}>
          {texts.unreadable}
        </Alert>
      )}
      {asking && (
        <Confirm
          title={texts.loseComments}
          act={texts.convert}
          onConfirm={async () => convert('JSON')}
          onClose={() => setAsking(false)}
        >
          {texts.loseCommentsBody}
        </Confirm>
      )}
    </>
  )
}

function Changes({ before, after, form }: { before: Written; after: string; form: Form }) {
  const base = (form !== before.form && form !== 'TEXT' && converted(before.content, form)) || before.content
  if (base === after) return <Box color="text-body-secondary">{texts.unchanged}</Box>
  return <Diff before={base} after={after} language={LANGUAGES[form]} label={texts.changesLabel} />
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length
}
