import {
  GetAccountPasswordPolicyCommand,
  GetAccountSummaryCommand,
  ListAccountAliasesCommand,
  type PasswordPolicy,
  type SummaryKeyType,
} from '@aws-sdk/client-iam'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import TextContent from '@cloudscape-design/components/text-content'
import { useState } from 'react'
import { iam } from '#api/clients/iam.ts'
import { failureOf } from '#api/failure.ts'
import { useRead } from '#api/queries.ts'
import { signedIn } from '#api/sign-in.ts'
import { CliCommand } from '#components/cli-command.tsx'
import { ConsoleLink } from '#components/console-link.tsx'
import { Copyable } from '#components/copyable.tsx'
import { Loaded } from '#components/loaded.tsx'
import { Properties } from '#components/properties.tsx'
import { access } from '#texts/access.ts'
import { AccessFrame } from './access-frame.tsx'
import { AliasDialog } from './alias-dialog.tsx'
import { holderOf, holderPath } from './holder.ts'
import { PasswordPolicyDialog } from './password-policy-dialog.tsx'
import { simulatorPath } from './policy-links.ts'

const texts = access.overview

/** Who is signed in, what the account has, and what its passwords must be. */
export function OverviewPage() {
  return (
    <AccessFrame section="overview">
      <SpaceBetween size="l">
        <Myself />
        <AccountPanel />
        <PasswordPolicyPanel />
      </SpaceBetween>
    </AccessFrame>
  )
}

function Myself() {
  const caller = signedIn()
  if (!caller) return null
  const { arn, name } = caller.principal
  const holder = holderOf(arn)
  return (
    <Container header={<Header variant="h2">{texts.myself}</Header>}>
      <Properties
        columns={3}
        items={[
          { label: texts.identity, value: <Copyable text={arn} /> },
          {
            label: texts.myPage,
            value:
              holder?.kind === 'user' ? (
                <ConsoleLink to={`${holderPath(holder)}&tab=security`}>{texts.mySecurity}</ConsoleLink>
              ) : holder ? (
                <ConsoleLink to={holderPath(holder)}>{holder.name}</ConsoleLink>
              ) : (
                texts.root
              ),
          },
          {
            label: texts.whatMayI,
            value: holder ? (
              <ConsoleLink to={simulatorPath(arn)}>{texts.askSimulator(name)}</ConsoleLink>
            ) : (
              texts.everything
            ),
          },
        ]}
      />
    </Container>
  )
}

const COUNTS = [
  ['Users', 'users', '/access/users'],
  ['Groups', 'groups', '/access/groups'],
  ['Roles', 'roles', '/access/roles'],
  ['Policies', 'policies', '/access/policies'],
] as const satisfies readonly (readonly [SummaryKeyType, keyof typeof access.sections, string])[]

function AccountPanel() {
  const [naming, setNaming] = useState(false)
  const summary = useRead('iam', ['summary'], async () => {
    const [{ SummaryMap = {} }, { AccountAliases = [] }] = await Promise.all([
      iam().send(new GetAccountSummaryCommand({})),
      iam().send(new ListAccountAliasesCommand({})),
    ])
    return { counts: SummaryMap, alias: AccountAliases[0] }
  })
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <CliCommand command={'aws iam get-account-summary\naws iam list-account-aliases'} />
              <Button onClick={() => setNaming(true)} disabled={!summary.data}>
                {texts.setAlias}
              </Button>
            </SpaceBetween>
          }
        >
          {texts.account}
        </Header>
      }
    >
      <Loaded read={summary}>
        {({ counts, alias }) => (
          <>
            <Properties
              columns={3}
              items={[
                { label: texts.accountId, value: <Copyable text={signedIn()?.account ?? ''} /> },
                { label: texts.alias, value: alias ?? texts.noAlias },
                { label: texts.region, value: signedIn()?.region ?? '' },
                ...COUNTS.map(([key, section, to]) => ({
                  label: section === 'policies' ? texts.ownPolicies : access.sections[section],
                  value: <ConsoleLink to={to}>{(counts[key] ?? 0).toLocaleString('en')}</ConsoleLink>,
                })),
                {
                  label: texts.mfa,
                  value: texts.mfaOf(counts.MFADevicesInUse ?? 0, counts.Users ?? 0),
                },
              ]}
            />
            {naming && <AliasDialog alias={alias} onClose={() => setNaming(false)} />}
          </>
        )}
      </Loaded>
    </Container>
  )
}

function PasswordPolicyPanel() {
  const [editing, setEditing] = useState(false)
  const policy = usePasswordPolicy()
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={texts.passwordsHint}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <CliCommand command="aws iam get-account-password-policy" />
              <Button onClick={() => setEditing(true)} disabled={policy.data === undefined}>
                {access.edit}
              </Button>
            </SpaceBetween>
          }
        >
          {texts.passwords}
        </Header>
      }
    >
      <Loaded read={policy}>
        {(rules) => (
          <>
            <TextContent>
              <ul>
                {(rules ? texts.rules(rules) : texts.usualRules).map((rule) => (
                  <li key={rule}>{rule}</li>
                ))}
              </ul>
            </TextContent>
            {editing && <PasswordPolicyDialog policy={rules ?? undefined} onClose={() => setEditing(false)} />}
          </>
        )}
      </Loaded>
    </Container>
  )
}

/** Null: the account has none of its own. */
function usePasswordPolicy() {
  return useRead<PasswordPolicy | null>('iam', ['password-policy'], async () => {
    try {
      const { PasswordPolicy } = await iam().send(new GetAccountPasswordPolicyCommand({}))
      return PasswordPolicy ?? null
    } catch (error) {
      if (/^NoSuchEntity/.test(failureOf(error).code)) return null
      throw error
    }
  })
}
