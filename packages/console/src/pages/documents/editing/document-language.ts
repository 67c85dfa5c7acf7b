/** What the editor knows about documents: completion, hints and marks of what is wrong. */
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  closeBrackets,
  closeBracketsKeymap,
  startCompletion,
} from '@codemirror/autocomplete'
import { type Diagnostic, linter, lintGutter, lintKeymap } from '@codemirror/lint'
import type { Extension, Text } from '@codemirror/state'
import { type EditorView, hoverTooltip, keymap, ViewPlugin } from '@codemirror/view'
import { documentSchema, type JsonSchema, schemasAt } from '@steward/protocol/document/index.ts'
import { type Cursor, cursorAt, pathAt } from './cursor.ts'
import type { Form } from './form.ts'
import type { Problem, Verdict } from './problem.ts'
import { insertion, type Suggestion, suggestions } from './suggestions.ts'

const CHECK_AFTER_MS = 400

export interface DocumentLanguage {
  readonly type: string
  readonly form: Form
  /** Checks a text; undefined when it cannot be checked now. */
  readonly check: (text: string) => Promise<Verdict | undefined>
  /** The editor, once it is there. */
  readonly onView: (view: EditorView) => void
}

export function documentLanguage({ type, form, check, onView }: DocumentLanguage): Extension[] {
  return [
    ViewPlugin.define((view) => {
      onView(view)
      return {}
    }),
    autocompletion({ override: [(context) => complete(context, type, form)], icons: false }),
    closeBrackets(),
    hoverTooltip((view, at) => hint(view, at, type)),
    linter((view) => marks(view, check), { delay: CHECK_AFTER_MS }),
    lintGutter(),
    keymap.of([...closeBracketsKeymap, ...lintKeymap]),
  ]
}

// ---------------------------------------------------------------------------------------------------------------------
// Completion

function complete(context: CompletionContext, type: string, form: Form) {
  const text = context.state.doc.toString()
  const cursor = cursorAt(text, context.pos)
  const schema = cursor && schemaOf(type, cursor.value)
  if (!cursor || !schema || form === 'TEXT') return null
  // Unasked only where a word was begun: whoever makes an empty line wants no list.
  if (!context.explicit && cursor.from === context.pos && cursor.kind !== 'reference' && !isChosen(cursor, text))
    return null
  const options = suggestions(schema, cursor, form).map(completion)
  return options.length === 0 ? null : { from: cursor.from, to: cursor.to, options, validFor: /^[\w$:.-]*$/ }
}

/** A value right behind its member's name. */
function isChosen({ kind, from }: Cursor, text: string): boolean {
  return kind === 'value' && /:\s*["']?$/.test(text.slice(0, from))
}

function completion(suggestion: Suggestion): Completion {
  const { label, kind, detail, info, required, goesOn } = suggestion
  return {
    label,
    type: kind,
    boost: required ? 1 : 0,
    ...(detail && { detail }),
    ...(info && { info }),
    apply(view, _completion, from, to) {
      const { insert, cursorAfter, ...range } = insertion(suggestion, view.state.doc.toString(), from, to)
      view.dispatch({
        changes: { ...range, insert },
        selection: { anchor: range.from + cursorAfter },
        userEvent: 'input.complete',
      })
      if (goesOn) startCompletion(view)
    },
  }
}

/** The schema of the version that the document states, or else of the one to prefer. */
function schemaOf(type: string, value: unknown): JsonSchema | undefined {
  const stated = (value as { schemaVersion?: unknown } | null | undefined)?.schemaVersion
  return documentSchema(type, String(stated)) ?? documentSchema(type)
}

// ---------------------------------------------------------------------------------------------------------------------
// Hints and marks

function hint(view: EditorView, at: number, type: string) {
  const found = pathAt(view.state.doc.toString(), at)
  const schema = found && schemaOf(type, found.value)
  const said = schema && schemasAt(schema, found.value, found.path).findLast(({ description }) => description)
  if (!found || !said?.description) return null
  const { description } = said
  return {
    pos: found.from,
    end: found.to,
    create() {
      const dom = document.createElement('div')
      dom.textContent = description
      dom.style.padding = '4px 8px'
      dom.style.maxWidth = '400px'
      return { dom }
    },
  }
}

async function marks(view: EditorView, check: DocumentLanguage['check']): Promise<Diagnostic[]> {
  const { doc } = view.state
  const verdict = await check(doc.toString())
  return (verdict?.problems ?? []).map((problem) => ({
    ...rangeOf(doc, problem),
    severity: problem.severity === 'Error' ? 'error' : 'warning',
    message: problem.message,
  }))
}

/** The range in a text that a problem is about; the first line if it is about the whole. */
export function rangeOf(doc: Text, { line, column, endLine, endColumn }: Problem): { from: number; to: number } {
  const from = offset(doc, line ?? 1, column ?? 1)
  if (line === undefined) return { from, to: doc.line(1).to }
  return { from, to: Math.max(from, offset(doc, endLine ?? line, endColumn ?? column ?? 1)) }
}

function offset(doc: Text, line: number, column: number): number {
  const { from, to } = doc.line(Math.max(1, Math.min(line, doc.lines)))
  return Math.min(from + column - 1, to)
}
