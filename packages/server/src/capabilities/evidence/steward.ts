import type { Operations } from '@steward/model/generated/steward.ts'
import { service } from '#kernel/declare.ts'

/** Declares the operations of our own that are about evidence. */
export const steward = service<Operations>('steward')
