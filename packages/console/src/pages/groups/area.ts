import type { Area } from '#app/area.ts'
import { title } from '#texts/groups.ts'

export const area: Area = {
  title,
  section: 'operate',
  order: 70,
  path: '/groups',
  pages: [
    { path: '/groups', load: async () => (await import('./groups-page.tsx')).GroupsPage },
    { path: '/groups/new', load: async () => (await import('./new-page.tsx')).NewPage },
    { path: '/groups/show', named: 'name', load: async () => (await import('./show-page.tsx')).ShowPage },
    { path: '/groups/edit', named: 'name', load: async () => (await import('./edit-page.tsx')).EditPage },
  ],
}
