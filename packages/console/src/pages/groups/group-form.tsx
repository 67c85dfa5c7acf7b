import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Tiles from '@cloudscape-design/components/tiles'
import { useState } from 'react'
import { CliCommand } from '#components/cli-command.tsx'
import { Failed } from '#components/failed.tsx'
import { common } from '#texts/common.ts'
import { groups } from '#texts/groups.ts'
import { asksSomething, type GroupDraft, isName } from './group-draft.ts'
import { InventoryFields } from './inventory-fields.tsx'
import { Preview } from './preview.tsx'
import { QueryFields } from './query-fields.tsx'

const { form: texts } = groups

interface GroupFormProps {
  readonly draft: GroupDraft
  readonly isNew?: boolean
  readonly submit: string
  readonly command: string
  readonly busy: boolean
  readonly error: unknown
  readonly onChange: (draft: GroupDraft) => void
  readonly onSubmit: () => void
  readonly onCancel: () => void
}

/** What a group is called and what is in it, with a look at who that is right now. */
export function GroupForm(props: GroupFormProps) {
  const { draft, isNew = false, submit, command, busy, error, onChange, onSubmit, onCancel } = props
  const [tried, setTried] = useState(false)
  const change = (part: Partial<GroupDraft>) => onChange({ ...draft, ...part })
  const nameFault = isNew && tried && !isName(draft.name) ? texts.nameWrong : undefined
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (!busy && (!isNew || isName(draft.name))) onSubmit()
      }}
    >
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <CliCommand command={command} />
            <Button formAction="none" variant="link" onClick={onCancel}>
              {common.cancel}
            </Button>
            <Button variant="primary" loading={busy}>
              {submit}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          <Container header={<Header variant="h2">{texts.about}</Header>}>
            <SpaceBetween size="m">
              {isNew && (
                <FormField label={texts.name} constraintText={texts.nameHint} errorText={nameFault}>
                  <Input
                    value={draft.name}
                    autoFocus
                    spellcheck={false}
                    onChange={({ detail }) => change({ name: detail.value })}
                  />
                </FormField>
              )}
              <FormField label={texts.description}>
                <Input value={draft.description} onChange={({ detail }) => change({ description: detail.value })} />
              </FormField>
            </SpaceBetween>
          </Container>
          {isNew && (
            <Container header={<Header variant="h2">{texts.kind}</Header>}>
              <Tiles
                value={draft.kind}
                ariaLabel={texts.kind}
                items={[
                  { value: 'tags', label: texts.byTags, description: texts.byTagsHint },
                  { value: 'inventory', label: texts.byInventory, description: texts.byInventoryHint },
                  { value: 'listed', label: texts.listed, description: texts.listedHint },
                ]}
                onChange={({ detail }) => change({ kind: detail.value as GroupDraft['kind'] })}
              />
            </Container>
          )}
          {draft.kind === 'tags' && <QueryFields draft={draft} onChange={change} />}
          {draft.kind === 'inventory' && <InventoryFields draft={draft} onChange={change} />}
          {asksSomething(draft) && <Preview draft={draft} />}
          {draft.kind === 'stack' && <Alert type="info">{texts.stack}</Alert>}
          {error !== undefined && error !== null && <Failed error={error} />}
        </SpaceBetween>
      </Form>
    </form>
  )
}
