import SpaceBetween from '@cloudscape-design/components/space-between'
import { ButtonLink } from '#components/button-link.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { nodes } from '#texts/nodes.ts'
import { EnrolmentKeys } from './enrolment-keys.tsx'
import { WaitingMachines } from './waiting-machines.tsx'

const { enrolment: texts } = nodes

/** Keys with which machines register for a long time, and who waits to be let in with one. */
export function EnrolmentPage() {
  return (
    <PageFrame
      title={texts.title}
      description={texts.description}
      above={[{ text: nodes.title, to: '/nodes' }]}
      actions={<ButtonLink to="/nodes/activations">{nodes.activations.link}</ButtonLink>}
    >
      <SpaceBetween size="l">
        <WaitingMachines />
        <EnrolmentKeys />
      </SpaceBetween>
    </PageFrame>
  )
}
