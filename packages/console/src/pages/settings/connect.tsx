import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'
import { useRead } from '#api/queries.ts'
import { signedIn } from '#api/sign-in.ts'
import { steward } from '#api/steward.ts'
import { CliCommand, CommandText } from '#components/cli-command.tsx'
import { Copyable } from '#components/copyable.tsx'
import { Loaded } from '#components/loaded.tsx'
import { Properties } from '#components/properties.tsx'
import { shellWords } from '#components/shell-words.ts'
import { stewardCall } from '#components/steward-call.ts'
import { common } from '#texts/common.ts'
import { settings } from '#texts/settings.ts'

const { connect: texts } = settings

/** How other clients find this server. */
export function Connect() {
  const { origin } = location
  const { region = '', account = '' } = signedIn() ?? {}
  const exports = [
    shellWords('export', `AWS_ENDPOINT_URL=${origin}`),
    shellWords('export', `AWS_REGION=${region}`),
    'export AWS_ACCESS_KEY_ID=AKIA… AWS_SECRET_ACCESS_KEY=…',
    'aws sts get-caller-identity',
  ]
  return (
    <SpaceBetween size="l">
      <Part title={texts.title} description={texts.body}>
        <Properties
          columns={3}
          items={[
            { label: texts.endpoint, value: <Copyable text={origin} /> },
            { label: texts.region, value: <Copyable text={region} /> },
            { label: texts.account, value: <Copyable text={account} /> },
          ]}
        />
      </Part>
      <Part title={texts.environment} description={texts.environmentHint}>
        <CommandText command={'eval "$(npx steward env)"\naws ssm describe-instance-information'} />
      </Part>
      <Part title={texts.elsewhere} description={texts.elsewhereHint}>
        <CommandText command={exports.join('\n')} />
      </Part>
      <Part title={texts.authority} description={texts.authorityHint}>
        <SpaceBetween size="s">
          <Button href="/install/ca.pem" download="steward-ca.pem" iconName="download">
            {texts.authorityDownload}
          </Button>
          <CommandText
            command={`${shellWords('curl', '-o', 'steward-ca.pem', `${origin}/install/ca.pem`)}\nexport AWS_CA_BUNDLE=steward-ca.pem`}
          />
        </SpaceBetween>
      </Part>
      <SingleSignOn />
      <Part title={texts.health} description={texts.healthHint}>
        <CommandText command={['healthz', 'readyz', 'metrics'].map((path) => `curl ${origin}/${path}`).join('\n')} />
      </Part>
    </SpaceBetween>
  )
}

/** Where people prove who they are besides with a password, and how another such place is added. */
function SingleSignOn() {
  const read = useRead('server', ['sign-in-options'], (signal) => steward('GetSignInOptions', {}, signal))
  return (
    <Part
      title={texts.signOn}
      description={texts.signOnHint}
      actions={<CliCommand command={stewardCall('GetSignInOptions', {})} />}
    >
      <Loaded read={read}>
        {({ Providers }) => (
          <SpaceBetween size="m">
            <Properties
              columns={3}
              items={[
                {
                  label: texts.providers,
                  value: Providers.length > 0 ? Providers.map(({ Name }) => Name).join(', ') : common.none,
                },
                { label: texts.redirect, value: <Copyable text={`${location.origin}/console/signed-in`} /> },
              ]}
            />
            {Providers.length < MOST_PROVIDERS && (
              <CommandText command={providerVariables(Providers.length + 1)} hint={texts.providerHint} />
            )}
          </SpaceBetween>
        )}
      </Loaded>
    </Part>
  )
}

const MOST_PROVIDERS = 9

function providerVariables(number: number): string {
  const suffix = number === 1 ? '' : `_${number}`
  return [
    ['ISSUER', 'https://login.example.com/realms/main'],
    ['NAME', 'Example'],
    ['CLIENT_ID', 'steward'],
    ['CLIENT_SECRET', '…'],
    ['ROLE', 'Operator'],
  ]
    .map(([name, value]) => `STEWARD_OIDC_${name}${suffix}=${value}`)
    .join('\n')
}

interface PartProps {
  readonly title: string
  readonly description: string
  readonly actions?: ReactNode
  readonly children: ReactNode
}

function Part({ title, description, actions, children }: PartProps) {
  return (
    <Container
      header={
        <Header variant="h2" description={description} actions={actions}>
          {title}
        </Header>
      }
    >
      {children}
    </Container>
  )
}
