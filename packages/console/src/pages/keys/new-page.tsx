import { CreateAliasCommand, CreateKeyCommand, type KeySpec, type KeyUsageType } from '@aws-sdk/client-kms'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Tiles from '@cloudscape-design/components/tiles'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { kms } from '#api/clients/kms.ts'
import { useAct } from '#api/queries.ts'
import { notify } from '#app/notifications.tsx'
import { CliCommand } from '#components/cli-command.tsx'
import { Failed } from '#components/failed.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { shellWords } from '#components/shell-words.ts'
import { common } from '#texts/common.ts'
import { keys as texts } from '#texts/keys.ts'
import { aliasFault } from './alias.ts'
import { keyPage } from './read-keys.ts'

const { form } = texts

const KINDS = {
  symmetric: { specs: ['SYMMETRIC_DEFAULT'], usage: 'ENCRYPT_DECRYPT' },
  'rsa-encrypt': { specs: ['RSA_2048', 'RSA_3072', 'RSA_4096'], usage: 'ENCRYPT_DECRYPT' },
  'rsa-sign': { specs: ['RSA_2048', 'RSA_3072', 'RSA_4096'], usage: 'SIGN_VERIFY' },
  'curve-sign': {
    specs: ['ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521', 'ECC_SECG_P256K1'],
    usage: 'SIGN_VERIFY',
  },
  'curve-agree': { specs: ['ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521'], usage: 'KEY_AGREEMENT' },
  hmac: { specs: ['HMAC_256', 'HMAC_224', 'HMAC_384', 'HMAC_512'], usage: 'GENERATE_VERIFY_MAC' },
} as const satisfies Record<string, { specs: readonly KeySpec[]; usage: KeyUsageType }>

type Kind = keyof typeof KINDS

interface Draft {
  readonly alias: string
  readonly description: string
  readonly kind: Kind
  readonly spec: KeySpec
}

export function NewPage() {
  const [, navigate] = useLocation()
  const [draft, setDraft] = useState<Draft>({
    alias: '',
    description: '',
    kind: 'symmetric',
    spec: 'SYMMETRIC_DEFAULT',
  })
  const act = useAct(['keys'], () => create(draft))
  const fault = draft.alias === '' ? undefined : aliasFault(draft.alias)
  async function submit() {
    const keyId = await act.mutateAsync(undefined)
    notify({ type: 'success', header: form.created })
    navigate(keyPage(keyId))
  }
  return (
    <PageFrame title={texts.create} above={[{ text: texts.title, to: '/keys' }]} contentType="form">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          // What went wrong is shown below the form.
          if (!fault) submit().catch(() => {})
        }}
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <CliCommand command={commandOf(draft)} />
              <Button formAction="none" variant="link" onClick={() => navigate('/keys')}>
                {common.cancel}
              </Button>
              <Button variant="primary" loading={act.isPending}>
                {texts.create}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="l">
            <Fields draft={draft} fault={fault} onChange={setDraft} />
            {act.isError && <Failed error={act.error} />}
          </SpaceBetween>
        </Form>
      </form>
    </PageFrame>
  )
}

interface FieldsProps {
  readonly draft: Draft
  readonly fault: string | undefined
  readonly onChange: (draft: Draft) => void
}

function Fields({ draft, fault, onChange }: FieldsProps) {
  const { specs } = KINDS[draft.kind]
  return (
    <Container header={<Header description={form.hint}>{texts.details}</Header>}>
      <SpaceBetween size="l">
        <FormField label={form.kind} stretch>
          <Tiles
            value={draft.kind}
            columns={2}
            items={(Object.keys(KINDS) as Kind[]).map((value) => ({ value, ...form.kinds[value] }))}
            onChange={({ detail }) => {
              const kind = detail.value as Kind
              onChange({ ...draft, kind, spec: KINDS[kind].specs[0] })
            }}
          />
        </FormField>
        {specs.length > 1 && (
          <FormField label={texts.columns.spec}>
            <Select
              selectedOption={{ value: draft.spec, label: draft.spec }}
              options={specs.map((value) => ({ value, label: value }))}
              onChange={({ detail }) => onChange({ ...draft, spec: detail.selectedOption.value as KeySpec })}
            />
          </FormField>
        )}
        <FormField label={form.alias} constraintText={texts.aliases.constraint} errorText={fault}>
          <Input
            value={draft.alias}
            onChange={({ detail }) => onChange({ ...draft, alias: detail.value })}
            placeholder="shop"
            spellcheck={false}
          />
        </FormField>
        <FormField label={form.description}>
          <Input
            value={draft.description}
            onChange={({ detail }) => onChange({ ...draft, description: detail.value })}
          />
        </FormField>
      </SpaceBetween>
    </Container>
  )
}

/** Makes the key, then its name. Answers its id. */
async function create({ alias, description, kind, spec }: Draft): Promise<string> {
  const input = { KeySpec: spec, KeyUsage: KINDS[kind].usage, Description: description }
  const { KeyMetadata } = await kms().send(new CreateKeyCommand(input))
  const keyId = KeyMetadata?.KeyId ?? ''
  if (alias) await kms().send(new CreateAliasCommand({ AliasName: `alias/${alias}`, TargetKeyId: keyId }))
  return keyId
}

function commandOf({ alias, description, kind, spec }: Draft): string {
  const { usage } = KINDS[kind]
  const key = shellWords(
    ...['aws', 'kms', 'create-key', '--key-spec', spec, '--key-usage', usage],
    ...(description ? ['--description', description] : []),
  )
  if (!alias) return key
  const name = shellWords('aws', 'kms', 'create-alias', '--alias-name', `alias/${alias}`, '--target-key-id')
  return `${name} "$(${key} --query KeyMetadata.KeyId --output text)"`
}
