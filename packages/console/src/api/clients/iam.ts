import { IAMClient } from '@aws-sdk/client-iam'
import { perSignIn } from './per-sign-in.ts'

/** Identity and Access Management, as whoever is signed in. Commands come from `@aws-sdk/client-iam`. */
export const iam = perSignIn((config) => new IAMClient(config))
