import type { Operations } from '@steward/model/generated/sns.ts'
import { service } from '#kernel/declare.ts'

/** Declares the operations of SNS: `export const Publish = sns.write('Publish', { … })`. */
export const sns = service<Operations>('sns')
