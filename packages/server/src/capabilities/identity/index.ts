import { capability } from '#kernel/declare.ts'

/** Who the caller is, and later who else there is: STS and IAM. */
export const identityCapability = capability({ name: 'identity', url: import.meta.url })
