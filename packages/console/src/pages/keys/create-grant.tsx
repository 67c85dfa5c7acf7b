import { CreateGrantCommand, type CreateGrantRequest, type GrantOperation, type KeyMetadata } from '@aws-sdk/client-kms'
import AttributeEditor from '@cloudscape-design/components/attribute-editor'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Multiselect from '@cloudscape-design/components/multiselect'
import RadioGroup from '@cloudscape-design/components/radio-group'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { kms } from '#api/clients/kms.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { FormDialog } from '#components/form-dialog.tsx'
import { PrincipalInput } from '#components/principal-input.tsx'
import { shellWords } from '#components/shell-words.ts'
import { keys } from '#texts/keys.ts'
import { grantOperations } from './grant-operations.ts'

const { grants: texts } = keys

type Context = keyof typeof texts.contexts

interface Pair {
  readonly key: string
  readonly value: string
}

interface Draft {
  readonly grantee: string
  readonly operations: readonly GrantOperation[]
  readonly context: Context
  readonly pairs: readonly Pair[]
  readonly retiring: string
  readonly name: string
}

const NEW: Draft = { grantee: '', operations: [], context: 'any', pairs: [], retiring: '', name: '' }

/** Gives somebody the use of a key beside its policy. */
export function CreateGrant({ metadata, onClose }: { metadata: KeyMetadata; onClose: () => void }) {
  const [draft, setDraft] = useState(NEW)
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change })
  const request = requestOf(metadata.KeyId!, draft)
  const act = useAct(['keys'], () => kms().send(new CreateGrantCommand(request)))
  const nameFault = /^[\w:/-]*$/.test(draft.name) ? undefined : texts.nameFault
  const pairsMissing = draft.context !== 'any' && !draft.pairs.some(({ key }) => key !== '')
  return (
    <FormDialog
      title={texts.create}
      act={texts.create}
      size="large"
      disabled={draft.grantee === '' || draft.operations.length === 0 || pairsMissing || nameFault !== undefined}
      command={commandOf(request)}
      onSubmit={async () => {
        await act.mutateAsync(undefined)
        notify({ type: 'success', header: texts.created })
      }}
      onClose={onClose}
    >
      <FormField label={texts.grantee} stretch>
        <PrincipalInput
          label={texts.grantee}
          value={draft.grantee}
          onChange={(grantee) => set({ grantee })}
          withoutGroups
          autoFocus
        />
      </FormField>
      <FormField label={texts.operations} description={texts.operationsHint} stretch>
        <Multiselect
          selectedOptions={draft.operations.map((value) => ({ value, label: value }))}
          options={grantOperations(metadata).map((value) => ({ value, label: value }))}
          placeholder={texts.chooseOperations}
          hideTokens={false}
          expandToViewport
          onChange={({ detail }) =>
            set({ operations: detail.selectedOptions.map(({ value }) => value as GrantOperation) })
          }
        />
      </FormField>
      {metadata.KeySpec === 'SYMMETRIC_DEFAULT' && <ContextFields draft={draft} onChange={set} />}
      <FormField label={texts.retiring} description={texts.retiringHint} stretch>
        <PrincipalInput
          label={texts.retiring}
          value={draft.retiring}
          onChange={(retiring) => set({ retiring })}
          withoutGroups
        />
      </FormField>
      <FormField label={texts.name} description={texts.nameHint} errorText={nameFault}>
        <Input value={draft.name} onChange={({ detail }) => set({ name: detail.value })} spellcheck={false} />
      </FormField>
    </FormDialog>
  )
}

/** With which encryption contexts the grant counts. */
function ContextFields({
  draft: { context, pairs },
  onChange,
}: {
  draft: Draft
  onChange: (change: Partial<Draft>) => void
}) {
  const set = (index: number, change: Partial<Pair>) =>
    onChange({ pairs: pairs.map((pair, at) => (at === index ? { ...pair, ...change } : pair)) })
  const choose = (next: Context) =>
    onChange({ context: next, pairs: next === 'any' ? [] : pairs.length > 0 ? pairs : [{ key: '', value: '' }] })
  return (
    <SpaceBetween size="s">
      <FormField label={texts.context}>
        <RadioGroup
          value={context}
          items={(Object.keys(texts.contexts) as Context[]).map((value) => ({ value, ...texts.contexts[value] }))}
          onChange={({ detail }) => choose(detail.value as Context)}
        />
      </FormField>
      {context !== 'any' && (
        <AttributeEditor
          items={pairs}
          empty={texts.noPairs}
          addButtonText={texts.addPair}
          onAddButtonClick={() => onChange({ pairs: [...pairs, { key: '', value: '' }] })}
          onRemoveButtonClick={({ detail }) => onChange({ pairs: pairs.toSpliced(detail.itemIndex, 1) })}
          definition={(['key', 'value'] as const).map((part) => {
            const label = part === 'key' ? texts.contextKey : texts.contextValue
            return {
              label,
              control: (pair: Pair, index: number) => (
                <Input
                  value={pair[part]}
                  ariaLabel={label}
                  onChange={({ detail }) => set(index, { [part]: detail.value })}
                  spellcheck={false}
                />
              ),
            }
          })}
        />
      )}
    </SpaceBetween>
  )
}

function requestOf(KeyId: string, { grantee, operations, context, pairs, retiring, name }: Draft): CreateGrantRequest {
  const words = Object.fromEntries(pairs.filter(({ key }) => key !== '').map(({ key, value }) => [key, value]))
  return {
    KeyId,
    GranteePrincipal: grantee,
    Operations: [...operations],
    ...(context !== 'any' && { Constraints: { [context]: words } }),
    ...(retiring && { RetiringPrincipal: retiring }),
    ...(name && { Name: name }),
  }
}

function commandOf(request: CreateGrantRequest): string {
  const { KeyId, GranteePrincipal, Operations = [], Constraints, RetiringPrincipal, Name } = request
  return shellWords(
    ...['aws', 'kms', 'create-grant', '--key-id', KeyId, '--grantee-principal', GranteePrincipal || 'ARN'],
    ...['--operations', ...(Operations.length > 0 ? Operations : ['Decrypt'])],
    ...(Constraints ? ['--constraints', JSON.stringify(Constraints)] : []),
    ...(RetiringPrincipal ? ['--retiring-principal', RetiringPrincipal] : []),
    ...(Name ? ['--name', Name] : []),
  )
}
