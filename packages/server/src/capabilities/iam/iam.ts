import type { Operations } from '@steward/model/generated/iam.ts'
import { service } from '#kernel/declare.ts'

/** Declares the operations of `iam`: `export const GetThing = iam.read('GetThing', { … })`. */
export const iam = service<Operations>('iam')
