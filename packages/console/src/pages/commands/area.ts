import type { Area } from '#app/area.ts'
import { title } from '#texts/commands.ts'

export const area: Area = {
  title,
  section: 'operate',
  order: 20,
  path: '/commands',
  pages: [
    { path: '/commands', load: async () => (await import('./commands-page.tsx')).CommandsPage },
    { path: '/commands/run', load: async () => (await import('./run/run-page.tsx')).RunPage },
    { path: '/commands/:id', load: async () => (await import('./command-page.tsx')).CommandPage },
    { path: '/commands/:id/:node', load: async () => (await import('./node-page.tsx')).NodePage },
  ],
}
