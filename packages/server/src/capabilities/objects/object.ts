/** Objects, and what was said of them when they were made. */
import type { Checksum } from './checksum.ts'

export interface StoredObject {
  readonly bucket: string
  readonly key: string
  readonly contentId: string
  readonly size: number
  /** Without quotation marks. */
  readonly etag: string
  readonly modifiedAt: Date
  readonly attributes: Attributes
}

export interface Attributes {
  /** Headers that are given back as they came, such as `content-type`. */
  readonly headers: Readonly<Record<string, string>>
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  readonly storageClass: string
  readonly encryption: Encryption
  readonly checksum?: Checksum
}

/** Under which key the content rests: the bucket's, or a data key of KMS that is kept encrypted with the object. */
export type Encryption =
  | { readonly algorithm: 'AES256' }
  | {
      readonly algorithm: 'aws:kms'
      readonly keyArn: string
      /** The data key, encrypted under the KMS key, in base64. */
      readonly blob: string
      readonly context: Readonly<Record<string, string>>
      readonly bucketKey: boolean
    }

export interface Part {
  readonly number: number
  readonly file: string
  readonly size: number
  readonly etag: string
  readonly checksum: string | undefined
  readonly modifiedAt: Date
}

export interface Upload {
  readonly id: string
  readonly bucket: string
  readonly key: string
  readonly initiatedAt: Date
  readonly attributes: UploadAttributes
}

export interface UploadAttributes extends Omit<Attributes, 'checksum'> {
  readonly checksumAlgorithm?: Checksum['algorithm']
  readonly checksumType?: Checksum['type']
  /** The content of what the object is to replace, as it was when the upload began; null if nothing was there. */
  readonly before?: string | null
}
