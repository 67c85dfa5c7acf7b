import type { Area } from '#app/area.ts'
import { sessionTexts } from '#texts/sessions.ts'

export const area: Area = {
  title: sessionTexts.title,
  section: 'operate',
  order: 30,
  path: '/sessions',
  pages: [
    { path: '/sessions', load: async () => (await import('./sessions-page.tsx')).SessionsPage },
    { path: '/sessions/shell', load: async () => (await import('./shells/shell-page.tsx')).ShellPage },
    { path: '/sessions/:id', load: async () => (await import('./session-page.tsx')).SessionPage },
  ],
}
