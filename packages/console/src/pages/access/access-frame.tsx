import Tabs from '@cloudscape-design/components/tabs'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { PageFrame } from '#components/page-frame.tsx'
import { access } from '#texts/access.ts'

export type Section = keyof typeof access.sections

const PATHS: Readonly<Record<Section, string>> = {
  overview: '/access',
  users: '/access/users',
  groups: '/access/groups',
  roles: '/access/roles',
  policies: '/access/policies',
  providers: '/access/providers',
  signedIn: '/access/signed-in',
  simulator: '/access/simulator',
}

/** A list of Access, among its sisters. */
export function AccessFrame({ section, children }: { section: Section; children: ReactNode }) {
  const [, navigate] = useLocation()
  return (
    <PageFrame
      title={section === 'overview' ? access.title : access.sections[section]}
      above={section === 'overview' ? [] : [accessCrumb]}
      description={access.descriptions[section]}
    >
      <Tabs
        activeTabId={section}
        ariaLabel={access.title}
        onChange={({ detail }) => navigate(PATHS[detail.activeTabId as Section])}
        tabs={(Object.keys(PATHS) as Section[]).map((id) => ({
          id,
          label: access.sections[id],
          href: `/console${PATHS[id]}`,
          content: id === section ? children : null,
        }))}
      />
    </PageFrame>
  )
}

export const accessCrumb = { text: access.title, to: '/access' }

/** The list that a page is reached from. */
export function listCrumbs(section: Section): { text: string; to: string }[] {
  return [accessCrumb, { text: access.sections[section], to: PATHS[section] }]
}
