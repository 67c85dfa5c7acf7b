import type { Area } from '#app/area.ts'
import { title } from '#texts/compliance.ts'

export const area: Area = {
  title,
  section: 'operate',
  order: 60,
  path: '/compliance',
  pages: [
    { path: '/compliance', load: async () => (await import('./overview-page.tsx')).OverviewPage },
    { path: '/compliance/show', named: 'type', load: async () => (await import('./type-page.tsx')).TypePage },
    { path: '/compliance/evidence', load: async () => (await import('./evidence/evidence-page.tsx')).EvidencePage },
    { path: '/compliance/evidence/:id', load: async () => (await import('./evidence/report-page.tsx')).ReportPage },
  ],
}
