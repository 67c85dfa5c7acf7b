import type { Area } from '#app/area.ts'
import { title } from '#texts/keys.ts'

export const area: Area = {
  title,
  section: 'store',
  order: 20,
  path: '/keys',
  pages: [
    { path: '/keys', load: async () => (await import('./list-page.tsx')).ListPage },
    { path: '/keys/new', load: async () => (await import('./new-page.tsx')).NewPage },
    { path: '/keys/show', named: 'key', load: async () => (await import('./show-page.tsx')).ShowPage },
  ],
}
