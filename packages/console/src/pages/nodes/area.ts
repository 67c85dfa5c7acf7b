import type { Area } from '#app/area.ts'
import type { BulkAct } from '#app/bulk-work.tsx'
import { title } from '#texts/nodes.ts'

export const area: Area = {
  title,
  section: 'operate',
  order: 10,
  path: '/nodes',
  pages: [
    { path: '/nodes', load: async () => (await import('./nodes-page.tsx')).NodesPage },
    { path: '/nodes/add', load: async () => (await import('./add/add-node-page.tsx')).AddNodePage },
    { path: '/nodes/activations', load: async () => (await import('./activations-page.tsx')).ActivationsPage },
    { path: '/nodes/enrolment', load: async () => (await import('./enrolment/enrolment-page.tsx')).EnrolmentPage },
    { path: '/nodes/:id', load: async () => (await import('./node-page.tsx')).NodePage },
  ],
  bulkActs: {
    'add-tags-to-nodes': async () => (await import('./bulk-acts.ts')).addTags as BulkAct,
    'remove-tags-from-nodes': async () => (await import('./bulk-acts.ts')).removeTags as BulkAct,
    'deregister-nodes': async () => (await import('./bulk-acts.ts')).deregister,
  },
}
