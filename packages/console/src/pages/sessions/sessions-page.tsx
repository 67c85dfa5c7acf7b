import './colours.ts'
import { ButtonLink } from '#components/button-link.tsx'
import { PageFrame } from '#components/page-frame.tsx'
import { PageTabs } from '#components/page-tabs.tsx'
import { sessionTexts } from '#texts/sessions.ts'
import { ActiveSessions } from './active-sessions.tsx'
import { Approvals, usePendingApprovals } from './approvals.tsx'
import { PastSessions } from './past-sessions.tsx'
import { RecordingSearch } from './recording-search.tsx'

/** Sessions: those that go on, those that were, those that wait for somebody, and what they showed. */
export function SessionsPage() {
  const { views } = sessionTexts
  const waiting = usePendingApprovals().data?.length ?? 0
  return (
    <PageFrame
      title={sessionTexts.title}
      actions={
        <ButtonLink variant="primary" to="/sessions/shell?new">
          {sessionTexts.start}
        </ButtonLink>
      }
    >
      <PageTabs
        label={sessionTexts.title}
        tabs={[
          { id: 'active', label: views.active, content: <ActiveSessions /> },
          { id: 'history', label: views.history, content: <PastSessions /> },
          {
            id: 'approvals',
            label: waiting > 0 ? `${views.approvals} (${waiting})` : views.approvals,
            content: <Approvals />,
          },
          { id: 'recordings', label: views.recordings, content: <RecordingSearch /> },
        ]}
      />
    </PageFrame>
  )
}
