import { capability } from '#kernel/declare.ts'

/** STS: who the caller is, and temporary credentials for roles, users and web identities. */
export const identityCapability = capability({ name: 'identity', url: import.meta.url })
