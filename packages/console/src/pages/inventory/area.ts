import type { Area } from '#app/area.ts'
import { title } from '#texts/inventory.ts'

export const area: Area = {
  title,
  section: 'operate',
  order: 50,
  path: '/inventory',
  pages: [
    { path: '/inventory', load: async () => (await import('./inventory-page.tsx')).InventoryPage },
    { path: '/inventory/show', named: 'type', load: async () => (await import('./type-page.tsx')).TypePage },
    { path: '/inventory/changes', load: async () => (await import('./changes-page.tsx')).ChangesPage },
    { path: '/inventory/syncs', load: async () => (await import('./syncs/syncs-page.tsx')).SyncsPage },
    { path: '/inventory/ask', load: async () => (await import('./ask/ask-page.tsx')).AskPage },
    { path: '/inventory/query', load: async () => (await import('./query/query-page.tsx')).QueryPage },
  ],
}
