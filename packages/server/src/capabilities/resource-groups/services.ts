import type { Operations as GroupOperations } from '@steward/model/generated/resource-groups.ts'
import type { Operations as TaggingOperations } from '@steward/model/generated/resourcegroupstaggingapi.ts'
import { service } from '#kernel/declare.ts'

/** Declares the operations of Resource Groups. */
export const resourceGroups = service<GroupOperations>('resource-groups')

/** Declares the operations of the Resource Groups Tagging API. */
export const tagging = service<TaggingOperations>('resourcegroupstaggingapi')
