import { KMSClient } from '@aws-sdk/client-kms'
import { perSignIn } from './per-sign-in.ts'

/** Key Management Service, as whoever is signed in. Commands come from `@aws-sdk/client-kms`. */
export const kms = perSignIn((config) => new KMSClient(config))
