import { SNSClient } from '@aws-sdk/client-sns'
import { perSignIn } from './per-sign-in.ts'

/** Simple Notification Service, as whoever is signed in. Commands come from `@aws-sdk/client-sns`. */
export const sns = perSignIn((config) => new SNSClient(config))
