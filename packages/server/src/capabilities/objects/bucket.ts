/** Buckets: their names, ARNs and what is configured of them. */
import { createHash } from 'node:crypto'
import type { XmlContent } from '#kernel/xml.ts'
import { invalidBucketName } from './errors.ts'

export interface Bucket {
  readonly name: string
  readonly account: string
  readonly region: string
  readonly createdAt: string
  readonly settings: BucketSettings
  readonly sealedKey: Uint8Array
}

/** What was configured, by subresource; undefined where nothing was. */
export interface BucketSettings {
  readonly tags?: Readonly<Record<string, string>>
  /** JSON as it was handed in. */
  readonly policy?: string
  readonly encryption?: BucketEncryption
  readonly cors?: readonly CorsRule[]
  readonly publicAccessBlock?: Readonly<Record<string, boolean>>
  readonly lifecycle?: readonly LifecycleRule[]
}

export interface BucketEncryption {
  readonly algorithm: 'AES256' | 'aws:kms'
  readonly keyId?: string
  readonly bucketKey: boolean
}

export interface CorsRule {
  readonly id?: string
  readonly methods: readonly string[]
  readonly origins: readonly string[]
  readonly headers: readonly string[]
  readonly exposed: readonly string[]
  readonly maxAgeSeconds?: number
}

export interface LifecycleRule {
  readonly id: string
  readonly enabled: boolean
  readonly prefix: string
  readonly tags: Readonly<Record<string, string>>
  readonly expireDays?: number
  /** Kept and shown; without versions there is nothing that it ends. */
  readonly expireDeleteMarkers?: boolean
  readonly expireDate?: string
  readonly abortUploadDays?: number
  /** Whether its prefix stands by itself, as in rules of the first generation. */
  readonly plainPrefix: boolean
}

/** Throws `InvalidBucketName`. */
export function checkBucketName(name: string): void {
  const wellFormed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)
  const reserved = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name)
  if (!wellFormed || reserved || /\.\./.test(name) || /^\d+\.\d+\.\d+\.\d+$/.test(name)) throw invalidBucketName()
}

export function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`
}

export function objectArn(bucket: string, key: string): string {
  return `arn:aws:s3:::${bucket}/${key}`
}

/** The owner of everything in an account, as S3 names it. */
export function ownerOf(account: string): XmlContent {
  return { ID: createHash('sha256').update(`steward canonical user ${account}`).digest('hex') }
}

export const XML_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/'
