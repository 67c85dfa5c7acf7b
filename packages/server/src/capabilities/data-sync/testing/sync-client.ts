import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3'
import {
  CreateResourceDataSyncCommand,
  ListResourceDataSyncCommand,
  type ResourceDataSyncItem,
  type ResourceDataSyncS3Destination,
  SSMClient,
} from '@aws-sdk/client-ssm'
import type { TestServer } from '@steward/testkit'

/** Syncs of a server, and what is in the bucket `box`, for tests. */
export class SyncClient {
  readonly ssm: SSMClient
  readonly s3: S3Client

  /** The bucket may be with another server. */
  constructor(server: TestServer, bucketsAt = server) {
    this.ssm = server.client(SSMClient)
    this.s3 = bucketsAt.client(S3Client)
  }

  async makeBucket(): Promise<void> {
    await this.s3.send(new CreateBucketCommand({ Bucket: 'box' }))
  }

  async create(SyncName: string, more: Partial<ResourceDataSyncS3Destination> = {}): Promise<void> {
    const S3Destination = { BucketName: 'box', SyncFormat: 'JsonSerDe' as const, Region: 'us-east-1', ...more }
    await this.ssm.send(new CreateResourceDataSyncCommand({ SyncName, S3Destination }))
  }

  async one(name: string): Promise<ResourceDataSyncItem> {
    const { ResourceDataSyncItems = [] } = await this.ssm.send(new ListResourceDataSyncCommand())
    return ResourceDataSyncItems.find(({ SyncName }) => SyncName === name)!
  }

  /** The keys in the bucket, in order. */
  async keys(Prefix = ''): Promise<string[]> {
    const { Contents = [] } = await this.s3.send(new ListObjectsV2Command({ Bucket: 'box', Prefix }))
    return Contents.map(({ Key }) => Key!)
  }

  /** The lines of an object. */
  async lines(Key: string): Promise<Record<string, string>[]> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: 'box', Key }))
    return (await Body!.transformToString()).split('\n').map((line) => JSON.parse(line))
  }

  head(Key: string) {
    return this.s3.send(new HeadObjectCommand({ Bucket: 'box', Key }))
  }

  async remove(Key: string): Promise<void> {
    await this.s3.send(new DeleteObjectCommand({ Bucket: 'box', Key }))
  }
}

/** Where AWS's layout has a type of a node. */
export function keyOf(typeName: string, nodeId: string): string {
  return `${typeName}/accountid=000000000000/region=us-east-1/resourcetype=ManagedInstanceInventory/${nodeId}.json`
}
