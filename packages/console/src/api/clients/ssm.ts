import { SSMClient } from '@aws-sdk/client-ssm'
import { perSignIn } from './per-sign-in.ts'

/** Systems Manager, as whoever is signed in. Commands come from `@aws-sdk/client-ssm`. */
export const ssm = perSignIn((config) => new SSMClient(config))
