import type { Area } from '#app/area.ts'
import { title } from '#texts/associations.ts'

export const area: Area = {
  title,
  section: 'operate',
  order: 25,
  path: '/associations',
  pages: [
    { path: '/associations', load: async () => (await import('./associations-page.tsx')).AssociationsPage },
    { path: '/associations/new', load: async () => (await import('./form/form-page.tsx')).CreatePage },
    { path: '/associations/:id', load: async () => (await import('./association-page.tsx')).AssociationPage },
    { path: '/associations/:id/edit', load: async () => (await import('./form/form-page.tsx')).EditPage },
  ],
}
