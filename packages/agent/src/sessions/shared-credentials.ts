import { readFileSync } from 'node:fs'
import type { Credentials } from '@steward/protocol/signature.ts'

/** The node's credentials as the agent shares them, in the form of AWS_SHARED_CREDENTIALS_FILE. Throws when there are none. */
export function sharedCredentials(path: string): Credentials {
  const text = readFileSync(path, 'utf8')
  const value = (name: string) => new RegExp(`^${name} = (.*)$`, 'm').exec(text)?.[1] ?? ''
  return {
    accessKeyId: value('aws_access_key_id'),
    secretAccessKey: value('aws_secret_access_key'),
    sessionToken: value('aws_session_token'),
  }
}
