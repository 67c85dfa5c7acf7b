import * as tokens from '@cloudscape-design/design-tokens'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { yaml } from '@codemirror/lang-yaml'
import {
  bracketMatching,
  defaultHighlightStyle,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from '@codemirror/language'
import { searchKeymap } from '@codemirror/search'
import { EditorState, type Extension } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { tags } from '@lezer/highlight'

export type Language = 'yaml' | 'json' | 'shell' | 'text'

const look = EditorView.theme({
  '&': {
    fontSize: '13px',
    color: tokens.colorTextBodyDefault,
    backgroundColor: tokens.colorBackgroundInputDefault,
    border: `1px solid ${tokens.colorBorderInputDefault}`,
    borderRadius: '8px',
    overflow: 'hidden',
  },
  '&.cm-focused': { outline: `2px solid ${tokens.colorBorderItemFocused}`, outlineOffset: '1px' },
  '.cm-scroller': { fontFamily: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace', lineHeight: '20px' },
  '.cm-gutters': {
    color: tokens.colorTextBodySecondary,
    backgroundColor: tokens.colorBackgroundLayoutMain,
    border: 'none',
  },
  '.cm-content': { caretColor: tokens.colorTextBodyDefault },
  '.cm-cursor': { borderLeftColor: tokens.colorTextBodyDefault },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, currentColor 5%, transparent)' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, #4c9aff 35%, transparent) !important',
  },
  '.cm-tooltip': {
    color: tokens.colorTextBodyDefault,
    backgroundColor: tokens.colorBackgroundContainerContent,
    border: `1px solid ${tokens.colorBorderDividerDefault}`,
    borderRadius: '8px',
  },
})

const darkHighlight = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: '#7fd1ff' },
  { tag: [tags.string, tags.special(tags.string)], color: '#9be28f' },
  { tag: [tags.number, tags.bool, tags.null], color: '#ffb86b' },
  { tag: [tags.keyword, tags.operator], color: '#d3a6ff' },
  { tag: tags.comment, color: '#9aa7b4', fontStyle: 'italic' },
])

/** What every editor has: look, language, keys. Tab indents; Escape, then Tab, leaves, so that keyboards are not caught. */
export function codeSetup({
  language,
  dark,
  label,
}: {
  language: Language
  dark: boolean
  label: string
}): Extension[] {
  return [
    lineNumbers(),
    // Marks that turn the direction of writing are seen instead of obeyed: what one reads is what runs.
    highlightSpecialChars({ addSpecialChars: /[\u202a-\u202c\u2068]/g }),
    foldGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    EditorState.tabSize.of(2),
    EditorView.lineWrapping,
    // Focusable as it is; said so that checkers see it.
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    EditorView.darkTheme.of(dark),
    syntaxHighlighting(dark ? darkHighlight : defaultHighlightStyle, { fallback: true }),
    look,
    ...(language === 'yaml' ? [yaml()] : language === 'json' ? [json()] : []),
    keymap.of([...defaultKeymap, ...historyKeymap, ...foldKeymap, ...searchKeymap, indentWithTab]),
  ]
}

/** Shown, not changed. */
export const readOnly: Extension = [EditorState.readOnly.of(true), EditorView.editable.of(true)]

/**
 * Where an editor is put: in a shadow root CodeMirror's styles are sheets that it constructs. Elsewhere they would be `<style>`
 * elements, which the console's policy refuses.
 */
export function shadowOf(element: Element): ShadowRoot {
  return element.shadowRoot ?? element.attachShadow({ mode: 'open' })
}
