import type { Area } from '#app/area.ts'
import { title } from '#texts/sessions.ts'

export const area: Area = {
  title,
  section: 'operate',
  order: 30,
  path: '/sessions',
  pages: [
    { path: '/sessions', load: async () => (await import('./sessions-page.tsx')).SessionsPage },
    { path: '/sessions/shell', load: async () => (await import('./shells/shell-page.tsx')).ShellPage },
    { path: '/sessions/:id', load: async () => (await import('./session-page.tsx')).SessionPage },
  ],
}
