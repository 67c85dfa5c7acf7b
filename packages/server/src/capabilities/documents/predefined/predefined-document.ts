/**
 * A document that comes with the server, owned by Amazon as far as callers can see. Its content is our own; name, parameters
 * and step names are AWS's, because callers and their scripts know them.
 */
export interface PredefinedDocument {
  readonly name: string
  readonly type: 'Command' | 'Session'
  /** Versions from 1 on. A released one is never edited: a change is a new version behind it (PD-04). */
  readonly versions: readonly PredefinedVersion[]
  /** As DescribeDocument shows it, in words and as the enum. */
  readonly category: readonly string[]
  readonly categoryEnum: readonly string[]
}

export interface PredefinedVersion {
  readonly createdDate: Date
  /** JSON text. */
  readonly content: string
}

/** A version from its date and its content; the text is stable, since callers compare its hash. */
export function predefinedVersion(date: string, content: object): PredefinedVersion {
  return { createdDate: new Date(`${date}T00:00:00Z`), content: JSON.stringify(content, null, 2) }
}

/** The parameters that all documents share that run a script. */
export const SCRIPT_PARAMETERS = {
  workingDirectory: {
    type: 'String',
    default: '',
    description: '(Optional) Directory in which the commands run. Left empty, the agent chooses one.',
    maxChars: 4096,
  },
  executionTimeout: {
    type: 'String',
    default: '3600',
    description:
      '(Optional) Seconds after which the commands count as timed out and are ended. From 1 to 172800 (48 hours).',
    allowedPattern: '([1-9][0-9]{0,4})|(1[0-6][0-9]{4})|(17[0-1][0-9]{3})|(172[0-7][0-9]{2})|(172800)',
  },
} as const
