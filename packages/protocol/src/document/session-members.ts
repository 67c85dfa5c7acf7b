/** What Session documents have beside version, description and parameters. */
import type { JsonSchema } from './json-schema.ts'

const text = (description: string): JsonSchema => ({ type: 'string', description })
const flag = (description: string): JsonSchema => ({ type: ['boolean', 'string'], description })
const minutes = (description: string): JsonSchema => ({ type: ['integer', 'string'], description })
const patterns = (description: string): JsonSchema => ({
  type: ['array', 'string'],
  items: { type: 'string' },
  description,
})

const INPUTS: JsonSchema = {
  type: ['object', 'null'],
  description: 'Preferences of the session.',
  additionalProperties: false,
  properties: {
    s3BucketName: text('Bucket that the log of the session goes to.'),
    s3KeyPrefix: text('Prefix of the log’s key.'),
    s3EncryptionEnabled: flag('Whether the bucket must be encrypted.'),
    cloudWatchLogGroupName: text('Log group that the session is written to.'),
    cloudWatchEncryptionEnabled: flag('Whether the log group must be encrypted.'),
    cloudWatchStreamingEnabled: flag('Whether the log is written while the session goes on.'),
    kmsKeyId: text('Key that encrypts the session between client and node.'),
    runAsEnabled: flag('Whether sessions run as a user of the node.'),
    runAsDefaultUser: text('That user, unless the caller’s tag `SSMSessionRunAs` names another.'),
    idleSessionTimeout: minutes('Minutes without anything typed after which the session ends, 1 to 60.'),
    maxSessionDuration: minutes('Minutes after which the session ends in any case, 1 to 1440.'),
    shellProfile: {
      type: 'object',
      description: 'What the shell runs first.',
      properties: { linux: text('On Linux and macOS.'), windows: text('On Windows.') },
      additionalProperties: false,
    },
    stewardSessionPolicy: {
      type: 'object',
      description: 'What Steward allows in these sessions.',
      additionalProperties: false,
      properties: {
        readOnly: flag('Nothing that is typed reaches the node.'),
        allowedCommands: patterns('Regular expressions, one of which a whole command must match.'),
        forbiddenPatterns: patterns('Regular expressions that no line of output should match.'),
        endOnMatch: flag('Whether such a line ends the session.'),
        approvalRequired: flag('Whether a second person must approve first.'),
        approvalTimeout: minutes('Minutes that a session waits for that person, 1 to 1440.'),
      },
    },
  },
}

const SESSION_TYPES = ['Standard_Stream', 'InteractiveCommands', 'NonInteractiveCommands', 'Port']

export const SESSION_MEMBERS: { properties: Record<string, JsonSchema>; required: string[] } = {
  properties: {
    sessionType: { type: 'string', enum: SESSION_TYPES, description: 'A shell, a command, or a forwarded port.' },
    inputs: INPUTS,
    properties: { type: ['object', 'null'], description: 'What is run, or where to connect.' },
  },
  required: ['sessionType'],
}
