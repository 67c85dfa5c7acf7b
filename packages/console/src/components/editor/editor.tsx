import { lazy, Suspense } from 'react'
import { Waiting } from '../waiting.tsx'
import type { CodeEditorProps } from './code-editor.tsx'

const CodeEditor = lazy(async () => ({ default: (await import('./code-editor.tsx')).CodeEditor }))
const CodeDiff = lazy(async () => ({ default: (await import('./code-diff.tsx')).CodeDiff }))

/** An editor for code, loaded when it is first needed. */
export function Editor(props: CodeEditorProps) {
  return (
    <Suspense fallback={<Waiting />}>
      <CodeEditor {...props} />
    </Suspense>
  )
}

/** Two texts and what differs. */
export function Diff(props: { before: string; after: string; language: CodeEditorProps['language']; label: string }) {
  return (
    <Suspense fallback={<Waiting />}>
      <CodeDiff {...props} />
    </Suspense>
  )
}
