import { MergeView, unifiedMergeView } from '@codemirror/merge'
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { useStore } from '#api/store.ts'
import { isDark } from '#app/appearance.ts'
import { codeSetup, type Language, readOnly, shadowOf } from './code-setup.ts'

const NARROW_PX = 800

/** CodeMirror's own mark is in few fonts. */
const foldMark = EditorView.theme({ '.cm-collapsedLines': { '&:before, &:after': { content: '"↕"' } } })

export interface CodeDiffProps {
  readonly before: string
  readonly after: string
  readonly language: Language
  readonly label: string
}

/** Two texts beside each other with what differs, or one above the other where there is little room. Equal parts are folded. */
export function CodeDiff({ before, after, language, label }: CodeDiffProps) {
  const place = useRef<HTMLDivElement>(null)
  const dark = useStore(isDark)
  useEffect(() => {
    const parent = shadowOf(place.current!)
    const setup = [codeSetup({ language, dark, label }), readOnly, foldMark]
    const collapseUnchanged = { margin: 3, minSize: 6 }
    const made =
      place.current!.clientWidth < NARROW_PX
        ? new EditorView({
            parent,
            state: EditorState.create({
              doc: after,
              extensions: [setup, unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged })],
            }),
          })
        : new MergeView({
            parent,
            root: parent,
            a: { doc: before, extensions: setup },
            b: { doc: after, extensions: setup },
            collapseUnchanged,
          })
    return () => made.destroy()
  }, [before, after, language, dark, label])
  return <div ref={place} />
}
