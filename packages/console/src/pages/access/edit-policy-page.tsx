import { CreatePolicyCommand, CreatePolicyVersionCommand, GetPolicyCommand } from '@aws-sdk/client-iam'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { iam } from '#api/clients/iam.ts'
import { useAct, useRead } from '#api/queries.ts'
import { signedIn } from '#api/sign-in.ts'
import { CliCommand } from '#components/cli-command.tsx'
import { Failed } from '#components/failed.tsx'
import { Loaded } from '#components/loaded.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { shellWords } from '#components/shell-words.ts'
import { access } from '#texts/access.ts'
import { common } from '#texts/common.ts'
import { listCrumbs } from './access-frame.tsx'
import { type Holder, type HolderKind, holderPath, inlinePolicy, putInlinePolicy } from './holder.ts'
import { NEW_POLICY, pretty } from './policy-document.ts'
import { PolicyEditor } from './policy-editor.tsx'
import { policyPath } from './policy-links.ts'
import { documentOf } from './reads.ts'

const texts = access.editPolicy

/** What is edited: a managed policy, or one that stands in a user, group or role. New ones have no name yet. */
type Edited =
  | { readonly kind: 'managed'; readonly arn: string | undefined }
  | { readonly kind: 'inline'; readonly holder: Holder; readonly name: string | undefined }

/** Writes a policy, as forms or as JSON. The address says which. */
export function EditPolicyPage() {
  const [search] = useSearchParams()
  const edited = editedIn(search)
  const read = useRead('iam', ['policy-to-edit', search.toString()], () => documentToEdit(edited))
  const name = edited.kind === 'managed' ? edited.arn?.split('/').at(-1) : edited.name
  return (
    <PageFrame title={name ? texts.edit(name) : texts.create} above={crumbsOf(edited)}>
      <Loaded read={read}>{(document) => <Form key={search.toString()} edited={edited} document={document} />}</Loaded>
    </PageFrame>
  )
}

function editedIn(search: URLSearchParams): Edited {
  const name = search.get('policy') ?? undefined
  for (const kind of ['user', 'group', 'role'] satisfies HolderKind[]) {
    const holder = search.get(kind)
    if (holder) return { kind: 'inline', holder: { kind, name: holder }, name }
  }
  return { kind: 'managed', arn: search.get('arn') ?? undefined }
}

function crumbsOf(edited: Edited): { text: string; to: string }[] {
  if (edited.kind === 'inline') {
    const { kind, name } = edited.holder
    return [...listCrumbs(`${kind}s`), { text: name, to: holderPath(edited.holder) }]
  }
  const { arn } = edited
  return [...listCrumbs('policies'), ...(arn ? [{ text: arn.split('/').at(-1)!, to: policyPath(arn) }] : [])]
}

async function documentToEdit(edited: Edited): Promise<string> {
  if (edited.kind === 'inline') return edited.name ? pretty(await inlinePolicy(edited.holder, edited.name)) : NEW_POLICY
  if (!edited.arn) return NEW_POLICY
  const { Policy } = await iam().send(new GetPolicyCommand({ PolicyArn: edited.arn }))
  return documentOf(edited.arn, Policy!.DefaultVersionId!)
}

function Form({ edited, document }: { edited: Edited; document: string }) {
  const [, navigate] = useLocation()
  const [text, setText] = useState(document)
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const isNew = edited.kind === 'managed' ? edited.arn === undefined : edited.name === undefined
  const save = useAct(['iam'], () => saved(edited, { name, description, text }))
  const leave = (saved: boolean) => navigate(backTo(edited, saved ? name : ''))
  return (
    <SpaceBetween size="l">
      {isNew && (
        <Container header={<Header variant="h2">{texts.naming}</Header>}>
          <SpaceBetween size="m">
            <FormField label={access.policies.name} constraintText={access.createUser.nameHint}>
              <Input value={name} onChange={({ detail }) => setName(detail.value)} autoFocus spellcheck={false} />
            </FormField>
            {edited.kind === 'managed' && (
              <FormField label={texts.description}>
                <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
              </FormField>
            )}
          </SpaceBetween>
        </Container>
      )}
      <PolicyEditor text={text} onChange={setText} />
      {save.error && <Failed error={save.error} />}
      <SpaceBetween direction="horizontal" size="xs">
        <Button
          variant="primary"
          loading={save.isPending}
          disabled={(isNew && name === '') || (!isNew && text === document)}
          onClick={() =>
            save.mutate(undefined, {
              onSuccess: () => {
                leave(true)
              },
            })
          }
        >
          {isNew ? texts.create : edited.kind === 'managed' ? texts.saveVersion : access.save}
        </Button>
        <CliCommand command={commandOf(edited, name || 'NAME')} />
        <Button variant="link" onClick={() => leave(false)}>
          {common.cancel}
        </Button>
      </SpaceBetween>
    </SpaceBetween>
  )
}

async function saved(edited: Edited, { name, description, text }: { name: string; description: string; text: string }) {
  if (edited.kind === 'inline') return putInlinePolicy(edited.holder, edited.name ?? name, text)
  if (edited.arn) {
    const version = { PolicyArn: edited.arn, PolicyDocument: text, SetAsDefault: true }
    await iam().send(new CreatePolicyVersionCommand(version))
    return
  }
  const policy = { PolicyName: name, PolicyDocument: text, ...(description && { Description: description }) }
  await iam().send(new CreatePolicyCommand(policy))
}

function backTo(edited: Edited, name: string): string {
  if (edited.kind === 'inline') return holderPath(edited.holder)
  if (edited.arn) return policyPath(edited.arn)
  return name ? policyPath(`arn:aws:iam::${signedIn()?.account}:policy/${name}`) : '/access/policies'
}

function commandOf(edited: Edited, name: string): string {
  const file = ['--policy-document', 'file://policy.json']
  if (edited.kind === 'inline') {
    const { kind, name: holder } = edited.holder
    const words = [`--${kind}-name`, holder, '--policy-name', edited.name ?? name]
    return shellWords('aws', 'iam', `put-${kind}-policy`, ...words, ...file)
  }
  return edited.arn
    ? shellWords('aws', 'iam', 'create-policy-version', '--policy-arn', edited.arn, ...file, '--set-as-default')
    : shellWords('aws', 'iam', 'create-policy', '--policy-name', name, ...file)
}
