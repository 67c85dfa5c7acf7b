import type { Area } from '#app/area.ts'
import { title } from '#texts/settings.ts'

export const area: Area = {
  title,
  section: 'govern',
  order: 40,
  path: '/settings',
  pages: [{ path: '/settings', load: async () => (await import('./settings-page.tsx')).SettingsPage }],
}
