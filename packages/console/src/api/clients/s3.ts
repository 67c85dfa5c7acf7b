import { S3Client } from '@aws-sdk/client-s3'
import { perSignIn } from './per-sign-in.ts'

/** The object store, as whoever is signed in. Commands come from `@aws-sdk/client-s3`. */
export const s3 = perSignIn((config) => new S3Client({ ...config, forcePathStyle: true }))
