import type { Area } from '#app/area.ts'
import { title } from '#texts/home.ts'

export const area: Area = {
  title,
  section: 'top',
  order: 0,
  path: '/',
  pages: [{ path: '/', load: async () => (await import('./home-page.tsx')).HomePage }],
}
