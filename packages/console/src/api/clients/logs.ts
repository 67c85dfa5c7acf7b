import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { perSignIn } from './per-sign-in.ts'

/** CloudWatch Logs, as whoever is signed in. Commands come from `@aws-sdk/client-cloudwatch-logs`. */
export const logs = perSignIn((config) => new CloudWatchLogsClient(config))
