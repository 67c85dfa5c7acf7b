import { STSClient } from '@aws-sdk/client-sts'
import { perSignIn } from './per-sign-in.ts'

/** Security Token Service, as whoever is signed in. Commands come from `@aws-sdk/client-sts`. */
export const sts = perSignIn((config) => new STSClient(config))
