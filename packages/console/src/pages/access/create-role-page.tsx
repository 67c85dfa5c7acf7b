import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  ListOpenIDConnectProvidersCommand,
  type Policy,
} from '@aws-sdk/client-iam'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Multiselect from '@cloudscape-design/components/multiselect'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Tiles from '@cloudscape-design/components/tiles'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { iam } from '#api/clients/iam.ts'
import { useUsers } from '#api/principals.ts'
import { useAct, useRead } from '#api/queries.ts'
import { signedIn } from '#api/sign-in.ts'
import { CliCommand } from '#components/cli-command.tsx'
import { Failed } from '#components/failed.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { shellWords } from '#components/shell-words.ts'
import { access } from '#texts/access.ts'
import { common } from '#texts/common.ts'
import { listCrumbs } from './access-frame.tsx'
import { holderPath } from './holder.ts'
import { PickPolicies, usePicked } from './pick-policies.tsx'
import { DurationField } from './role-dialogs.tsx'
import { type Trusted, trustDocument } from './trust.ts'

const texts = access.createRole

const SERVICES = ['ssm.amazonaws.com', 'events.amazonaws.com', 'sns.amazonaws.com', 'ec2.amazonaws.com']

/** Makes a role: for whom, what they may do, what it is called. */
export function CreateRolePage() {
  const [, navigate] = useLocation()
  const account = signedIn()?.account ?? ''
  const [trusted, setTrusted] = useState<Trusted>({ kind: 'account', account })
  const [needsMfa, setNeedsMfa] = useState(false)
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [seconds, setSeconds] = useState(3600)
  const picked = usePicked<Policy>()
  const trust = trustDocument(trusted, needsMfa)
  const create = useAct(['iam'], async () => {
    const role = { RoleName: name, Description: description || undefined, MaxSessionDuration: seconds }
    await iam().send(new CreateRoleCommand({ ...role, AssumeRolePolicyDocument: trust }))
    for (const { Arn } of picked.items)
      await iam().send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn: Arn }))
  })
  const complete = name !== '' && (trusted.kind !== 'principal' || trusted.arns.length > 0)
  return (
    <PageFrame title={texts.title} above={listCrumbs('roles')}>
      <SpaceBetween size="l">
        <Container header={<Header variant="h2">{texts.who}</Header>}>
          <SpaceBetween size="m">
            <Tiles
              value={trusted.kind}
              ariaLabel={texts.who}
              onChange={({ detail }) => setTrusted(initial(detail.value as Trusted['kind'], account))}
              items={(['account', 'principal', 'service', 'provider'] as const).map((value) => ({
                value,
                label: texts.kinds[value],
                description: texts.hints[value],
              }))}
            />
            <TrustFields trusted={trusted} onChange={setTrusted} />
            {(trusted.kind === 'account' || trusted.kind === 'principal') && (
              <Checkbox
                checked={needsMfa}
                onChange={({ detail }) => setNeedsMfa(detail.checked)}
                description={texts.mfaHint}
              >
                {texts.mfa}
              </Checkbox>
            )}
            <ExpandableSection headerText={texts.trust} variant="footer">
              <pre className="st-mono st-pre">{trust}</pre>
            </ExpandableSection>
          </SpaceBetween>
        </Container>
        <Container header={<Header variant="h2">{texts.what}</Header>}>
          <PickPolicies picked={picked} />
        </Container>
        <Container header={<Header variant="h2">{texts.called}</Header>}>
          <SpaceBetween size="m">
            <FormField label={access.roles.name} constraintText={access.createUser.nameHint}>
              <Input value={name} onChange={({ detail }) => setName(detail.value)} spellcheck={false} />
            </FormField>
            <FormField label={access.description}>
              <Input value={description} onChange={({ detail }) => setDescription(detail.value)} />
            </FormField>
            <DurationField seconds={seconds} onChange={setSeconds} />
          </SpaceBetween>
        </Container>
        {create.error && <Failed error={create.error} />}
        <SpaceBetween direction="horizontal" size="xs">
          <Button
            variant="primary"
            disabled={!complete}
            loading={create.isPending}
            onClick={() =>
              create.mutate(undefined, {
                onSuccess: () => {
                  navigate(holderPath({ kind: 'role', name }))
                },
              })
            }
          >
            {access.roles.create}
          </Button>
          <CliCommand command={commandOf(name || 'NAME', trust, picked.items)} />
          <Button variant="link" onClick={() => navigate('/access/roles')}>
            {common.cancel}
          </Button>
        </SpaceBetween>
      </SpaceBetween>
    </PageFrame>
  )
}

function initial(kind: Trusted['kind'], account: string): Trusted {
  switch (kind) {
    case 'account':
      return { kind, account }
    case 'principal':
      return { kind, arns: [] }
    case 'service':
      return { kind, service: SERVICES[0]! }
    case 'provider':
      return { kind, arn: '', audience: '', subject: '' }
  }
}

function TrustFields({ trusted, onChange }: { trusted: Trusted; onChange: (trusted: Trusted) => void }) {
  if (trusted.kind === 'account') {
    return (
      <FormField label={texts.account} description={texts.accountHint}>
        <Input
          value={trusted.account}
          inputMode="numeric"
          onChange={({ detail }) => onChange({ ...trusted, account: detail.value })}
        />
      </FormField>
    )
  }
  if (trusted.kind === 'service') {
    return (
      <FormField label={texts.service}>
        <Select
          selectedOption={{ value: trusted.service, label: trusted.service }}
          options={SERVICES.map((value) => ({ value, label: value }))}
          onChange={({ detail }) => onChange({ ...trusted, service: detail.selectedOption.value! })}
        />
      </FormField>
    )
  }
  return trusted.kind === 'principal' ? (
    <PrincipalField trusted={trusted} onChange={onChange} />
  ) : (
    <ProviderFields trusted={trusted} onChange={onChange} />
  )
}

function PrincipalField({
  trusted,
  onChange,
}: {
  trusted: Trusted & { kind: 'principal' }
  onChange: (trusted: Trusted) => void
}) {
  const users = useUsers()
  const options = users.data?.map(({ UserName, Arn }) => ({ value: Arn!, label: UserName! })) ?? []
  return (
    <FormField label={access.sections.users}>
      <Multiselect
        options={options}
        selectedOptions={options.filter(({ value }) => trusted.arns.includes(value))}
        onChange={({ detail }) => onChange({ ...trusted, arns: detail.selectedOptions.map(({ value }) => value!) })}
        placeholder={access.group.chooseUsers}
        filteringType="auto"
        empty={access.users.empty}
        expandToViewport
      />
    </FormField>
  )
}

function ProviderFields({
  trusted,
  onChange,
}: {
  trusted: Trusted & { kind: 'provider' }
  onChange: (trusted: Trusted) => void
}) {
  const read = useRead('iam', ['providers'], async () => {
    const { OpenIDConnectProviderList = [] } = await iam().send(new ListOpenIDConnectProvidersCommand({}))
    return OpenIDConnectProviderList
  })
  const options = read.data?.map(({ Arn }) => ({ value: Arn!, label: Arn!.split(':oidc-provider/')[1]! })) ?? []
  const field = (member: 'audience' | 'subject', label: string, hint: string) => (
    <FormField label={label} description={hint}>
      <Input
        value={trusted[member]}
        onChange={({ detail }) => onChange({ ...trusted, [member]: detail.value })}
        spellcheck={false}
      />
    </FormField>
  )
  return (
    <SpaceBetween size="m">
      <FormField label={texts.provider} description={<Box variant="small">{texts.providerHint}</Box>}>
        <Select
          selectedOption={options.find(({ value }) => value === trusted.arn) ?? null}
          options={options}
          placeholder={texts.chooseProvider}
          empty={access.providers.empty}
          onChange={({ detail }) => onChange({ ...trusted, arn: detail.selectedOption.value! })}
        />
      </FormField>
      {field('audience', texts.audience, texts.audienceHint)}
      {field('subject', texts.subject, texts.subjectHint)}
    </SpaceBetween>
  )
}

function commandOf(name: string, trust: string, policies: readonly Policy[]): string {
  const document = JSON.stringify(JSON.parse(trust))
  return [
    shellWords('aws', 'iam', 'create-role', '--role-name', name, '--assume-role-policy-document', document),
    ...policies.map(({ Arn }) =>
      shellWords('aws', 'iam', 'attach-role-policy', '--role-name', name, '--policy-arn', Arn),
    ),
  ].join('\n')
}
