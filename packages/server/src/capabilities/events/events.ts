import type { Operations } from '@steward/model/generated/events.ts'
import { service } from '#kernel/declare.ts'

/** Declares the operations of EventBridge: `export const PutThing = events.write('PutThing', { … })`. */
export const events = service<Operations>('events')
