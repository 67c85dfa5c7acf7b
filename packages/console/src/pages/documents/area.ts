import type { Area } from '#app/area.ts'
import { title } from '#texts/documents.ts'

export const area: Area = {
  title,
  section: 'operate',
  order: 40,
  path: '/documents',
  pages: [
    { path: '/documents', load: async () => (await import('./documents-page.tsx')).DocumentsPage },
    { path: '/documents/new', load: async () => (await import('./new-document-page.tsx')).NewDocumentPage },
    { path: '/documents/show', named: 'name', load: async () => (await import('./document-page.tsx')).DocumentPage },
    {
      path: '/documents/edit',
      named: 'name',
      load: async () => (await import('./edit-document-page.tsx')).EditDocumentPage,
    },
  ],
}
