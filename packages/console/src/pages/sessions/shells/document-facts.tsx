import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { Properties } from '#components/properties.tsx'
import { sessionTexts } from '#texts/sessions.ts'
import type { SessionDocument } from './session-document.ts'

const texts = sessionTexts.startForm

/** Whose shell it will be, and under which rules, in words. */
export function DocumentFacts({ document }: { document: SessionDocument }) {
  const { encrypted, readOnly, approval } = document
  return (
    <Properties
      columns={2}
      items={[
        { label: texts.runsAs, value: runsAs(document) },
        {
          label: texts.rules,
          value: (
            <SpaceBetween size="xxs">
              <StatusIndicator type={encrypted ? 'warning' : 'info'}>
                {encrypted ? texts.encrypted : texts.recorded}
              </StatusIndicator>
              {approval && <StatusIndicator type="pending">{texts.approval}</StatusIndicator>}
              {readOnly && <StatusIndicator type="info">{texts.readOnly}</StatusIndicator>}
            </SpaceBetween>
          ),
        },
      ]}
    />
  )
}

function runsAs({ runAs: { enabled, user } }: SessionDocument): string {
  if (!enabled) return texts.runAsDefault
  return user ? texts.runAsUser(user) : texts.runAsTag
}
