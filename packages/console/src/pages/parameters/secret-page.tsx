import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { Copyable } from '#components/copyable.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { parameters as texts } from '#texts/parameters.ts'
import { SECRET_REFERENCES, SECRETS_PAGE } from './paths.ts'
import { SecretValue } from './value-panel.tsx'

/** A secret that another store keeps. Nothing is known of it until somebody reveals it. */
export function SecretPage({ name }: { name: string }) {
  return (
    <PageFrame
      title={name.slice(SECRET_REFERENCES.length)}
      above={[
        { text: texts.title, to: '/parameters' },
        { text: texts.secrets.title, to: SECRETS_PAGE },
      ]}
    >
      <SpaceBetween size="l">
        <Container header={<Header>{texts.details}</Header>}>
          <KeyValuePairs
            columns={2}
            minColumnWidth={220}
            items={[
              { label: texts.secrets.asParameter, value: <Copyable text={name} /> },
              { label: texts.secrets.onNodes, value: <Copyable text={`{{ssm-secure:${name}}}`} /> },
            ]}
          />
        </Container>
        <SecretValue parameter={{ Name: name }} hint={texts.secrets.secretHint} />
      </SpaceBetween>
    </PageFrame>
  )
}
