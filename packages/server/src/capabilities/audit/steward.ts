import type { Operations } from '@steward/model/generated/steward.ts'
import { service } from '#kernel/declare.ts'

export const steward = service<Operations>('steward')
