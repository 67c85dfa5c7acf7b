import type { Area } from '#app/area.ts'
import { title } from '#texts/events.ts'

export const area: Area = {
  title,
  section: 'govern',
  order: 30,
  path: '/events',
  pages: [
    { path: '/events', load: async () => (await import('./events-page.tsx')).EventsPage },
    { path: '/events/create', load: async () => (await import('./rule-form-page.tsx')).CreateRulePage },
    { path: '/events/rule', named: 'name', load: async () => (await import('./rule-page.tsx')).RulePage },
    { path: '/events/edit', named: 'name', load: async () => (await import('./rule-form-page.tsx')).EditRulePage },
  ],
}
