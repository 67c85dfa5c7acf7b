import type { ParameterMetadata } from '@aws-sdk/client-ssm'
import { PageTabs } from '#components/page-tabs.tsx'
import { SsmTags } from '#components/ssm-tags.tsx'
import { parameters as texts } from '#texts/parameters.ts'
import { HistoryTab } from './history-tab.tsx'
import { PoliciesPanel } from './policies-panel.tsx'
import { ReadersTab } from './readers-tab.tsx'
import { ReferencesTab } from './references-tab.tsx'
import { SharingTab } from './sharing-tab.tsx'

export function ShowTabs({ parameter }: { parameter: ParameterMetadata }) {
  const { Name = '', Policies = [] } = parameter
  return (
    <PageTabs
      label={Name}
      tabs={[
        { id: 'history', label: texts.history.title, content: <HistoryTab parameter={parameter} /> },
        { id: 'readers', label: texts.readers.title, content: <ReadersTab parameter={parameter} /> },
        { id: 'references', label: texts.references.title, content: <ReferencesTab name={Name} /> },
        { id: 'sharing', label: texts.sharing.title, content: <SharingTab parameter={parameter} /> },
        { id: 'policies', label: texts.policies.title, content: <PoliciesPanel name={Name} policies={Policies} /> },
        { id: 'tags', label: texts.tags, content: <SsmTags kind="parameters" type="Parameter" id={Name} /> },
      ]}
    />
  )
}
