import type { Operations } from '@steward/model/generated/ssm.ts'
import { service } from '#kernel/declare.ts'

/** Declares the operations of `ssm`: `export const GetThing = ssm.read('GetThing', { … })`. */
export const ssm = service<Operations>('ssm')
