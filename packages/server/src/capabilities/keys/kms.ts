import type { Operations } from '@steward/model/generated/kms.ts'
import { service } from '#kernel/declare.ts'

/** Declares the operations of `kms`: `export const Encrypt = kms.read('Encrypt', { … })`. */
export const kms = service<Operations>('kms')
