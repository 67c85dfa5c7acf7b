import type { Area } from '#app/area.ts'
import { title } from '#texts/audit.ts'

export const area: Area = {
  title,
  section: 'govern',
  order: 20,
  path: '/audit',
  pages: [
    { path: '/audit', load: async () => (await import('./audit-page.tsx')).AuditPage },
    { path: '/audit/verify', load: async () => (await import('./verify-page.tsx')).VerifyPage },
    { path: '/audit/:id', load: async () => (await import('./record-page.tsx')).RecordPage },
  ],
}
