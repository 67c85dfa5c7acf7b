/** What the editor knows about queries: colours, and the names of tables and columns. */
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  closeBrackets,
  closeBracketsKeymap,
} from '@codemirror/autocomplete'
import { StreamLanguage, type StringStream } from '@codemirror/language'
import { type Extension, Prec } from '@codemirror/state'
import { type EditorView, keymap } from '@codemirror/view'

export interface QueryTable {
  readonly name: string
  readonly columns: readonly string[]
  /** What it has rows of. */
  readonly of: string
}

const KEYWORDS = new Set(
  'select from where and or not in is null like between exists group by having order asc desc limit offset join left inner outer cross on using as with recursive union all except intersect distinct case when then else end collate nocase over partition'.split(
    ' ',
  ),
)
const FUNCTIONS = ['count(', 'compare_versions(', 'max(', 'min(', 'sum(', 'avg(', 'lower(', 'ifnull(', 'group_concat(']

export interface QueryLanguage {
  /** As they are known when it is asked. */
  readonly tables: () => readonly QueryTable[]
  /** Ctrl or Cmd with Enter, and the text as it is then. */
  readonly onRun: (query: string) => void
}

export function queryLanguage({ tables, onRun }: QueryLanguage): Extension[] {
  const run = ({ state }: EditorView) => {
    onRun(state.doc.toString())
    return true
  }
  return [
    sql,
    autocompletion({ override: [(context) => complete(context, tables())], icons: false }),
    closeBrackets(),
    Prec.highest(keymap.of([{ key: 'Mod-Enter', run }])),
    keymap.of(closeBracketsKeymap),
  ]
}

const sql = StreamLanguage.define<{ open: string | undefined }>({
  startState: () => ({ open: undefined }),
  token(stream, state) {
    if (state.open) return rest(stream, state)
    if (stream.eatSpace()) return null
    if (stream.match(/--.*/)) return 'comment'
    if (stream.match('/*')) {
      state.open = '*/'
      return rest(stream, state)
    }
    if (stream.match("'")) {
      state.open = "'"
      return rest(stream, state)
    }
    if (stream.match(/"(?:[^"]|"")*"?/)) return 'variableName'
    if (stream.match(/\d+(?:\.\d+)?/)) return 'number'
    if (stream.match(/\w+/)) return KEYWORDS.has(stream.current().toLowerCase()) ? 'keyword' : null
    stream.next()
    return null
  },
})

/** The rest of a text or a comment, which may go on in the next line. */
function rest(stream: StringStream, state: { open: string | undefined }): string {
  const end = state.open ?? ''
  while (!stream.eol()) {
    if (stream.match(end)) {
      state.open = undefined
      break
    }
    stream.next()
  }
  return end === '*/' ? 'comment' : 'string'
}

function complete(context: CompletionContext, tables: readonly QueryTable[]) {
  const word = context.matchBefore(/\w*/)
  if (!word || (word.from === word.to && !context.explicit)) return null
  const options = suggestions(context.state.doc.toString(), context.state.sliceDoc(0, word.from), tables)
  return { from: word.from, options, validFor: /^\w*$/ }
}

/** Tables where a table is expected; else columns of the tables that the query names, and words of the language. */
function suggestions(query: string, before: string, tables: readonly QueryTable[]): Completion[] {
  const named = tables.filter(({ name }) => new RegExp(`\\b${name}\\b`, 'i').test(query))
  const offered = tables.map(({ name, of }): Completion => ({ label: name, detail: of, type: 'class', boost: 1 }))
  if (/\b(?:from|join)\s+$/i.test(before)) return offered
  const columns = new Map<string, string[]>()
  for (const { name, columns: all } of named)
    for (const column of all) columns.set(column, [...(columns.get(column) ?? []), name])
  return [
    ...[...columns].map(([label, of]): Completion => ({ label, detail: of.join(', '), type: 'property', boost: 2 })),
    ...offered,
    ...FUNCTIONS.map((label): Completion => ({ label, type: 'function' })),
    ...[...KEYWORDS].map((label): Completion => ({ label, type: 'keyword', boost: -1 })),
  ]
}
