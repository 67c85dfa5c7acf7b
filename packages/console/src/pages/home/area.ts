import type { Area } from '#app/area.ts'
import { home } from '#texts/home.ts'

export const area: Area = {
  title: home.title,
  section: 'top',
  order: 0,
  path: '/',
  pages: [{ path: '/', load: async () => (await import('./home-page.tsx')).HomePage }],
}
