import type { Area } from '#app/area.ts'
import { title } from '#texts/access.ts'

export const area: Area = {
  title,
  section: 'govern',
  order: 10,
  path: '/access',
  pages: [
    { path: '/access', load: async () => (await import('./overview-page.tsx')).OverviewPage },
    { path: '/access/users', load: async () => (await import('./users-page.tsx')).UsersPage },
    { path: '/access/user', named: 'name', load: async () => (await import('./user-page.tsx')).UserPage },
    { path: '/access/groups', load: async () => (await import('./groups-page.tsx')).GroupsPage },
    { path: '/access/group', named: 'name', load: async () => (await import('./group-page.tsx')).GroupPage },
    { path: '/access/roles', load: async () => (await import('./roles-page.tsx')).RolesPage },
    { path: '/access/create-role', load: async () => (await import('./create-role-page.tsx')).CreateRolePage },
    { path: '/access/role', named: 'name', load: async () => (await import('./role-page.tsx')).RolePage },
    { path: '/access/policies', load: async () => (await import('./policies-page.tsx')).PoliciesPage },
    { path: '/access/policy', named: 'arn', load: async () => (await import('./policy-page.tsx')).PolicyPage },
    { path: '/access/edit-policy', load: async () => (await import('./edit-policy-page.tsx')).EditPolicyPage },
    { path: '/access/providers', load: async () => (await import('./providers-page.tsx')).ProvidersPage },
    { path: '/access/signed-in', load: async () => (await import('./signed-in-page.tsx')).SignedInPage },
    { path: '/access/simulator', load: async () => (await import('./simulator-page.tsx')).SimulatorPage },
  ],
}
