import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Tabs from '@cloudscape-design/components/tabs'
import { amazonAgentLines, type Enrolment, stewardAgentLine } from '@steward/session-client/enrolment-lines.ts'
import { useState } from 'react'
import { ButtonLink } from '#components/button-link.tsx'
import { CommandText } from '#components/cli-command.tsx'
import { nodes } from '#texts/nodes.ts'
import { type Installation, isLocal } from './installation.ts'

const { adding: texts } = nodes

interface LinesProps {
  readonly installation: Installation
  readonly id: string
  /** Undefined: another tab made the activation, or this page was loaded anew since. */
  readonly code: string | undefined
}

/** What to run on the machine. */
export function Lines({ installation, id, code }: LinesProps) {
  const [url, setUrl] = useState(installation.url)
  if (!code) {
    return (
      <Alert type="info" action={<ButtonLink to="/nodes/add">{texts.another}</ButtonLink>}>
        {texts.forgotten}
      </Alert>
    )
  }
  const enrolment: Enrolment = { ...installation, url: url.replace(/\/+$/, ''), activationId: id, activationCode: code }
  return (
    <Container
      header={
        <Header variant="h2" description={texts.once}>
          {texts.run}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <FormField
          label={texts.address}
          description={texts.addressHint}
          {...(isLocal(hostOf(url)) && { warningText: texts.addressLocal })}
        >
          <Input value={url} onChange={({ detail }) => setUrl(detail.value)} spellcheck={false} />
        </FormField>
        <Tabs
          tabs={[
            {
              id: 'ours',
              label: texts.ours,
              content: <CommandText command={stewardAgentLine(enrolment)} hint={texts.runHint} />,
            },
            {
              id: 'amazons',
              label: texts.amazons,
              content: <CommandText command={amazonAgentLines(enrolment)} hint={texts.amazonsHint} />,
            },
          ]}
        />
        <Box variant="small" color="text-body-secondary">
          {nodes.columns.ActivationId} <span className="st-mono">{id}</span>
        </Box>
      </SpaceBetween>
    </Container>
  )
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : ''
}
