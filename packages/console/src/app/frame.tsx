import AppLayout from '@cloudscape-design/components/app-layout-toolbar'
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group'
import { useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { useStore } from '#api/store.ts'
import { shell } from '#texts/shell.ts'
import { useArrival } from './arrival.ts'
import { chrome } from './chrome.ts'
import { Navigation } from './navigation.tsx'
import { Notifications } from './notifications.tsx'
import { Pages } from './pages.tsx'
import { TopBar } from './top-bar.tsx'

/** What is around every page: the bar, the navigation, messages, breadcrumbs. */
export function Frame() {
  const { title, breadcrumbs, help, contentType } = useStore(chrome)
  const [, navigate] = useLocation()
  const [navigationOpen, setNavigationOpen] = useState(innerWidth > 900)
  const [toolsOpen, setToolsOpen] = useState(false)
  const content = useRef<HTMLDivElement>(null)
  useArrival(content)
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: it leads to another place of the page */}
      <a
        className="st-skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault()
          content.current?.focus()
        }}
      >
        {shell.skip}
      </a>
      <div role="status" className="st-unseen">
        {title}
      </div>
      <TopBar />
      <AppLayout
        headerSelector="#top-bar"
        navigation={<Navigation />}
        navigationOpen={navigationOpen}
        onNavigationChange={({ detail }) => setNavigationOpen(detail.open)}
        navigationWidth={240}
        breadcrumbs={
          <BreadcrumbGroup
            items={breadcrumbs.map(({ text, to }) => ({ text, href: `/console${to}` }))}
            onFollow={(event) => {
              event.preventDefault()
              navigate(event.detail.href.replace(/^\/console/, ''))
            }}
          />
        }
        notifications={<Notifications />}
        stickyNotifications
        contentType={contentType}
        content={
          <div id="content" ref={content} tabIndex={-1} className="st-content">
            <Pages />
          </div>
        }
        tools={help}
        toolsHide={!help}
        toolsOpen={toolsOpen}
        onToolsChange={({ detail }) => setToolsOpen(detail.open)}
        ariaLabels={{ navigation: shell.navigation }}
      />
    </>
  )
}
