import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'
import { signedIn } from '#api/sign-in.ts'
import { CommandText } from '#components/cli-command.tsx'
import { Copyable } from '#components/copyable.tsx'
import { shellWords } from '#components/shell-words.ts'
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
        <KeyValuePairs
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
      <Part title={texts.health} description={texts.healthHint}>
        <CommandText command={['healthz', 'readyz', 'metrics'].map((path) => `curl ${origin}/${path}`).join('\n')} />
      </Part>
    </SpaceBetween>
  )
}

function Part({ title, description, children }: { title: string; description: string; children: ReactNode }) {
  return (
    <Container
      header={
        <Header variant="h2" description={description}>
          {title}
        </Header>
      }
    >
      {children}
    </Container>
  )
}
