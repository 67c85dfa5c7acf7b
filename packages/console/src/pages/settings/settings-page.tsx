import SpaceBetween from '@cloudscape-design/components/space-between'
import { PageFrame } from '#components/page-frame.tsx'
import { PageTabs } from '#components/page-tabs.tsx'
import { settings } from '#texts/settings.ts'
import { AgentUpdates } from './agent-updates.tsx'
import { Connect } from './connect.tsx'
import { Health } from './health.tsx'
import { MasterKeys } from './master-keys.tsx'
import { ServiceSettings } from './service-settings.tsx'
import { Work } from './work.tsx'

const { tabs } = settings

export function SettingsPage() {
  return (
    <PageFrame title={settings.title}>
      <PageTabs
        label={settings.title}
        tabs={[
          { id: 'health', label: tabs.health, content: <Health /> },
          { id: 'work', label: tabs.work, content: <Work /> },
          {
            id: 'service',
            label: tabs.service,
            content: (
              <SpaceBetween size="l">
                <AgentUpdates />
                <ServiceSettings />
              </SpaceBetween>
            ),
          },
          { id: 'keys', label: tabs.keys, content: <MasterKeys /> },
          { id: 'connect', label: tabs.connect, content: <Connect /> },
        ].map((tab) => ({ ...tab, contentRenderStrategy: 'lazy' as const }))}
      />
    </PageFrame>
  )
}
