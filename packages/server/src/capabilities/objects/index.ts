import { capability } from '#kernel/declare.ts'
import { bucketResources } from './bucket-resources.ts'
import { bucketKeyAad } from './bucket-store.ts'
import { crossOriginHeaders } from './cross-origin.ts'
import { expireObjects } from './expire-objects.ts'
import { objects0001 } from './migrations/0001-objects.ts'
import { removeGarbage } from './remove-garbage.ts'
import { renamePrincipal } from './rename-principal.ts'

export { type Bucket, objectArn } from './bucket.ts'
export { findBucket } from './bucket-store.ts'
export { folderAccess, keysIn, objectAccess, objectAt, readWhole } from './read-for-caller.ts'
export {
  destinationDemands,
  destinationFault,
  type OpenDestination,
  openDestination,
  type ServiceDestination,
} from './service-destination.ts'
export { bucketKeeper } from './tagged-buckets.ts'

/** Buckets and objects. Speaks S3's API. */
export const objectsCapability = capability({
  name: 'objects',
  url: import.meta.url,
  migrations: { 'objects-0001': objects0001 },
  tasks: [removeGarbage, expireObjects],
  resources: bucketResources,
  renamePrincipal,
  crossOrigin: crossOriginHeaders,
  sealedColumns: [
    { table: 'object_bucket', column: 'sealed_key', key: ['name'], aad: ({ name }) => bucketKeyAad(String(name)) },
  ],
})
