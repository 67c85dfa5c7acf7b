import type { Area } from '#app/area.ts'
import { title } from '#texts/parameters.ts'

export const area: Area = {
  title,
  section: 'store',
  order: 10,
  path: '/parameters',
  pages: [
    { path: '/parameters', load: async () => (await import('./list-page.tsx')).ListPage },
    { path: '/parameters/new', load: async () => (await import('./new-page.tsx')).NewPage },
    { path: '/parameters/show', named: 'name', load: async () => (await import('./show-page.tsx')).ShowPage },
    { path: '/parameters/edit', named: 'name', load: async () => (await import('./edit-page.tsx')).EditPage },
  ],
}
