import type { Area } from '#app/area.ts'
import { title } from '#texts/tag-editor.ts'

export const area: Area = {
  title,
  section: 'operate',
  order: 75,
  path: '/tags',
  pages: [{ path: '/tags', load: async () => (await import('./tag-editor-page.tsx')).TagEditorPage }],
}
