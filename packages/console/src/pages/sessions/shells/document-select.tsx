import Select from '@cloudscape-design/components/select'
import { useRead } from '#api/queries.ts'
import { sessionTexts } from '#texts/sessions.ts'
import { PREFERENCES, sessionDocuments } from './session-document.ts'

const texts = sessionTexts.startForm

export interface DocumentSelectProps {
  /** Undefined: as the account prefers it. */
  readonly name: string | undefined
  readonly onPick: (name: string | undefined) => void
}

/** One of the account's documents for sessions. */
export function DocumentSelect({ name, onPick }: DocumentSelectProps) {
  const documents = useRead('documents', ['of sessions'], sessionDocuments)
  const usual = { value: '', label: texts.preferences, description: texts.preferencesHint }
  const others = (documents.data ?? [])
    .filter((document) => document !== PREFERENCES)
    .map((document) => ({ value: document, label: document }))
  return (
    <Select
      selectedOption={name === undefined ? usual : { value: name, label: name }}
      options={[usual, ...others]}
      filteringType="auto"
      statusType={documents.isPending ? 'loading' : 'finished'}
      expandToViewport
      onChange={({ detail }) => onPick(detail.selectedOption.value || undefined)}
    />
  )
}
