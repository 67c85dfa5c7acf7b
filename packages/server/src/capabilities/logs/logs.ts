import type { Operations } from '@steward/model/generated/logs.ts'
import { service } from '#kernel/declare.ts'

/** Declares the operations of CloudWatch Logs: `export const PutLogEvents = logs.write('PutLogEvents', { … })`. */
export const logs = service<Operations>('logs')
