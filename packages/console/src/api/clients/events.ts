import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { perSignIn } from './per-sign-in.ts'

/** EventBridge, as whoever is signed in. Commands come from `@aws-sdk/client-eventbridge`. */
export const events = perSignIn((config) => new EventBridgeClient(config))
