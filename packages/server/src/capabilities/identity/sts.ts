import type { Operations } from '@steward/model/generated/sts.ts'
import { service } from '#kernel/declare.ts'

/** Declares the operations of `sts`: `export const GetThing = sts.read('GetThing', { … })`. */
export const sts = service<Operations>('sts')
