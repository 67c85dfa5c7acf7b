import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useAct } from '#api/queries.ts'
import { steward } from '#api/steward.ts'
import { FormDialog } from '#components/form-dialog.tsx'
import { shellWords } from '#components/shell-words.ts'
import { evidence } from '#texts/evidence.ts'
import { EVERYTHING, ScopeFields, scopeInput, scopeWords } from './scope-fields.tsx'

const { make: texts } = evidence

/** Asks what a report is to be about, makes it, and goes there. */
export function MakeReport({ onClose }: { onClose: () => void }) {
  const [, navigate] = useLocation()
  const [name, setName] = useState('')
  const [scope, setScope] = useState(EVERYTHING)
  const make = useAct(['evidence'], () => steward('CreateEvidenceReport', { Name: name.trim(), ...scopeInput(scope) }))
  return (
    <FormDialog
      title={texts.title}
      act={texts.act}
      disabled={!name.trim()}
      command={shellWords(
        'npx',
        'steward',
        'compliance',
        'evidence',
        'create',
        '--name',
        name.trim(),
        ...scopeWords(scope),
      )}
      onSubmit={async () => {
        const { ReportId } = await make.mutateAsync(undefined)
        navigate(`/compliance/evidence/${ReportId}`)
      }}
      onDone={() => {}}
      onClose={onClose}
    >
      <FormField label={texts.name} description={texts.nameHint}>
        <Input value={name} autoFocus onChange={({ detail }) => setName(detail.value)} />
      </FormField>
      <ScopeFields form={scope} onChange={(change) => setScope((last) => ({ ...last, ...change }))} />
    </FormDialog>
  )
}
