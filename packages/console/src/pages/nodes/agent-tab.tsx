import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { instant } from '#api/wire.ts'
import { Copyable } from '#components/copyable.tsx'
import { Properties } from '#components/properties.tsx'
import { Time } from '#components/time.tsx'
import { nodes } from '#texts/nodes.ts'
import type { NodeDetails } from './node-details.ts'

const { page: texts, columns } = nodes

/** The agent that runs on the node, and what it was registered with. */
export function AgentTab({ details: { Node: node, NewestAgentVersion, Activation } }: { details: NodeDetails }) {
  const newest =
    node.IsLatestVersion === false && NewestAgentVersion ? texts.newest(NewestAgentVersion) : texts.upToDate
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{columns.AgentVersion}</Header>}>
        <Properties
          columns={3}
          items={[
            { label: columns.AgentName, value: node.AgentName ?? '–' },
            { label: columns.AgentVersion, value: node.AgentVersion ?? '–' },
            { label: columns.IsLatestVersion, value: node.AgentVersion ? newest : '–' },
          ]}
        />
      </Container>
      <Container header={<Header variant="h2">{texts.activation}</Header>}>
        <Properties
          columns={3}
          items={[
            { label: columns.ActivationId, value: <Copyable text={Activation.ActivationId} /> },
            ...(Activation.Exists ? known(Activation) : []),
          ]}
        />
        {!Activation.Exists && <Box color="text-body-secondary">{texts.activationGone}</Box>}
      </Container>
    </SpaceBetween>
  )
}

function known(activation: NonNullable<NodeDetails['Activation']>) {
  const { Description, CreatedDate, ExpirationDate, RegistrationsCount = 0, RegistrationLimit = 0 } = activation
  return [
    { label: texts.description, value: Description || '–' },
    { label: texts.created, value: <Time at={instant(CreatedDate)} /> },
    { label: texts.expires, value: <Time at={instant(ExpirationDate)} /> },
    { label: nodes.activations.columns.used, value: texts.registrations(RegistrationsCount, RegistrationLimit) },
  ]
}
