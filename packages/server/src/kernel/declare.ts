/**
 * The vocabulary in which a capability speaks to the engines: operations, tasks, channels, deliveries, directories. Capabilities
 * declare; the door, the driver and the gateway consume what was declared and never import a capability.
 */

export * from './declare/association-directory.ts'
export * from './declare/audit-trail.ts'
export * from './declare/capability.ts'
export * from './declare/change-kind.ts'
export * from './declare/channel.ts'
export * from './declare/data-sync-directory.ts'
export * from './declare/delivery.ts'
export * from './declare/download.ts'
export * from './declare/inventory-directory.ts'
export * from './declare/node-directory.ts'
export * from './declare/operation.ts'
export * from './declare/principal-directory.ts'
export * from './declare/s3-operation.ts'
export * from './declare/session-directory.ts'
export * from './declare/task.ts'
