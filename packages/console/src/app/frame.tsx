import AppLayout from '@cloudscape-design/components/app-layout-toolbar'
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useStore } from '#api/store.ts'
import { shell } from '#texts/shell.ts'
import { chrome } from './chrome.ts'
import { Navigation } from './navigation.tsx'
import { Notifications } from './notifications.tsx'
import { Pages } from './pages.tsx'
import { TopBar } from './top-bar.tsx'

/** What is around every page: the bar, the navigation, messages, breadcrumbs. */
export function Frame() {
  const { breadcrumbs, help, contentType } = useStore(chrome)
  const [, navigate] = useLocation()
  const [navigationOpen, setNavigationOpen] = useState(innerWidth > 900)
  const [toolsOpen, setToolsOpen] = useState(false)
  return (
    <>
      <TopBar />
      <AppLayout
        headerSelector="#top-bar"
        navigation={<Navigation />}
        navigationOpen={navigationOpen}
        onNavigationChange={({ detail }) => setNavigationOpen(detail.open)}
        navigationWidth={240}
        breadcrumbs={
          breadcrumbs.length > 0 && (
            <BreadcrumbGroup
              items={[...breadcrumbs]}
              onFollow={(event) => {
                event.preventDefault()
                navigate(event.detail.href)
              }}
            />
          )
        }
        notifications={<Notifications />}
        stickyNotifications
        contentType={contentType}
        content={<Pages />}
        tools={help}
        toolsHide={!help}
        toolsOpen={toolsOpen}
        onToolsChange={({ detail }) => setToolsOpen(detail.open)}
        ariaLabels={{ navigation: shell.navigation }}
      />
    </>
  )
}
