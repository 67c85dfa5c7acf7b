import Autosuggest from '@cloudscape-design/components/autosuggest'
import SpaceBetween from '@cloudscape-design/components/space-between'
import TokenGroup from '@cloudscape-design/components/token-group'
import { useState } from 'react'
import { access } from '#texts/access.ts'

const texts = access.words

interface WordsProps {
  readonly label: string
  readonly values: readonly string[]
  /** What is offered while one types; anything else can be typed, too. */
  readonly known: readonly string[]
  readonly placeholder: string
  readonly onChange: (values: readonly string[]) => void
}

const OFFERED = 200

/** A list of words: typed or chosen one after the other, taken away one by one. */
export function Words({ label, values, known, placeholder, onChange }: WordsProps) {
  const [typed, setTyped] = useState('')
  const wanted = typed.toLowerCase()
  const offered = known.filter((word) => word.toLowerCase().includes(wanted) && !values.includes(word))
  const add = (text: string) => {
    const words = text.split(/[\s,]+/).filter((word) => word !== '' && !values.includes(word))
    if (words.length > 0) onChange([...values, ...new Set(words)])
    setTyped('')
  }
  return (
    <SpaceBetween size="xs">
      <Autosuggest
        value={typed}
        onChange={({ detail }) => setTyped(detail.value)}
        onSelect={({ detail }) => add(detail.value)}
        onKeyDown={({ detail }) => {
          if (detail.key === 'Enter' && typed !== '') add(typed)
        }}
        options={offered.slice(0, OFFERED).map((value) => ({ value }))}
        filteringType="manual"
        enteredTextLabel={texts.use}
        empty={texts.none}
        placeholder={placeholder}
        ariaLabel={label}
        virtualScroll
        expandToViewport
      />
      {values.length > 0 && (
        <TokenGroup
          items={values.map((value) => ({ label: value, dismissLabel: texts.remove(value) }))}
          limit={12}
          onDismiss={({ detail }) => onChange(values.toSpliced(detail.itemIndex, 1))}
        />
      )}
    </SpaceBetween>
  )
}
