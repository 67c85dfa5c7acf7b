import type { Extension } from '@codemirror/state'
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { useStore } from '#api/store.ts'
import { isDark } from '#app/appearance.ts'
import { codeSetup, type Language, readOnly, shadowOf } from './code-setup.ts'

export interface CodeEditorProps {
  readonly value: string
  /** Undefined: the text can be read and copied only. */
  readonly onChange?: ((value: string) => void) | undefined
  readonly language: Language
  /** What a screen reader says of it. */
  readonly label: string
  /** Completion, checks and the like; the same array at every rendering. */
  readonly extensions?: readonly Extension[]
  /** In lines. Default: from 4 to 40, as the text needs. */
  readonly lines?: number
}

/** CodeMirror as a component: what is typed comes through `onChange`, a `value` from elsewhere replaces the text. */
export function CodeEditor({ value, onChange, language, label, extensions, lines }: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(undefined)
  const changed = useRef(onChange)
  changed.current = onChange
  const dark = useStore(isDark)
  const editable = onChange !== undefined

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is taken over below, without making the editor anew.
  useEffect(() => {
    const made = new EditorView({
      parent: shadowOf(place.current!),
      state: EditorState.create({
        doc: view.current?.state.doc ?? value,
        extensions: [
          codeSetup({ language, dark, label }),
          editable ? [] : readOnly,
          extensions ? [...extensions] : [],
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed.current?.(update.state.doc.toString())
          }),
          EditorView.theme({
            '.cm-content, .cm-gutter': { minHeight: `${(lines ?? 4) * 20 + 8}px` },
            '.cm-scroller': { maxHeight: `${(lines ?? 40) * 20 + 8}px`, overflow: 'auto' },
          }),
        ],
      }),
    })
    view.current = made
    return () => made.destroy()
  }, [language, dark, label, editable, extensions, lines])

  useEffect(() => {
    const state = view.current?.state
    if (!state || state.doc.toString() === value) return
    view.current?.dispatch({ changes: { from: 0, to: state.doc.length, insert: value } })
  }, [value])

  return <div ref={place} />
}
