import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import Input from '@cloudscape-design/components/input'
import type { ISearchOptions } from '@xterm/addon-search'
import { useEffect, useState } from 'react'
import { useStore } from '#api/store.ts'
import { isDark } from '#app/appearance.ts'
import { terminalTexts } from '#texts/terminal.ts'
import type { Screen } from './screen.ts'
import { terminalSettings } from './settings.ts'

const texts = terminalTexts.search

const RULER = { matchOverviewRuler: '#d9a400', activeMatchColorOverviewRuler: '#ff7a1a' }
const ON_DARK = { ...RULER, matchBackground: '#7a5b00', activeMatchBackground: '#b34700' }
const ON_LIGHT = { ...RULER, matchBackground: '#ffe08a', activeMatchBackground: '#ffb36b' }

/** Finds text in all that a terminal still has. */
export function SearchBar({ screen, onClose }: { screen: Screen; onClose: () => void }) {
  const [term, setTerm] = useState('')
  const [caseSensitive, setCaseSensitive] = useState(false)
  const [found, setFound] = useState({ resultIndex: 0, resultCount: 0 })
  const dark = useStore(isDark)
  const theme = useStore(terminalSettings).theme
  const decorations = theme === 'light' || (theme === 'console' && !dark) ? ON_LIGHT : ON_DARK
  const options: ISearchOptions = { caseSensitive, decorations }
  useEffect(() => {
    const results = screen.search.onDidChangeResults(setFound)
    return () => {
      results.dispose()
      screen.search.clearDecorations()
    }
  }, [screen])
  const change = (next: string, sensitive = caseSensitive) => {
    setTerm(next)
    if (next === '') screen.search.clearDecorations()
    else screen.search.findPrevious(next, { ...options, caseSensitive: sensitive, incremental: true })
  }
  const previous = () => screen.search.findPrevious(term, options)
  const next = () => screen.search.findNext(term, options)
  return (
    <search className="st-line st-search">
      <Input
        type="search"
        value={term}
        ariaLabel={texts.label}
        placeholder={texts.label}
        autoFocus
        spellcheck={false}
        onChange={({ detail }) => change(detail.value)}
        onKeyDown={({ detail }) => {
          if (detail.key === 'Enter') detail.shiftKey ? next() : previous()
          if (detail.key === 'Escape') onClose()
        }}
      />
      <Box variant="small">
        <output className="st-number st-nowrap">
          {term !== '' && texts.count(found.resultIndex, found.resultCount)}
        </output>
      </Box>
      <Button variant="icon" iconName="angle-up" ariaLabel={texts.previous} onClick={previous} />
      <Button variant="icon" iconName="angle-down" ariaLabel={texts.next} onClick={next} />
      <Checkbox
        checked={caseSensitive}
        onChange={({ detail }) => {
          setCaseSensitive(detail.checked)
          change(term, detail.checked)
        }}
      >
        {texts.case}
      </Checkbox>
      <Button variant="icon" iconName="close" ariaLabel={texts.close} onClick={onClose} />
    </search>
  )
}
