import { capability } from '#kernel/declare.ts'

/** Who there is, and what they may do: users, groups, roles, policies. Global: the same in every Region. */
export const iamCapability = capability({
  name: 'iam',
  url: import.meta.url,
  migrations: {},
})
