import { createHash } from 'node:crypto'
import type { ManagedPolicy, PolicyVersion } from '../policy.ts'

/** A policy that every account has under an ARN of AWS's, as we write it down. */
export interface AwsManagedPolicy extends ManagedPolicy {
  readonly version: PolicyVersion
}

/** One statement as a policy document has it. */
export interface WrittenStatement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Action?: string | readonly string[]
  readonly NotAction?: string | readonly string[]
  readonly Resource: string | readonly string[]
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>
}

interface Written {
  readonly name: string
  /** Default `/`. */
  readonly path?: string
  readonly description: string
  readonly statements: readonly WrittenStatement[]
}

/** These are not tied to a moment of any installation. */
const WRITTEN_AT = new Date('2026-01-01T00:00:00Z')

export function awsManagedPolicy({ name, path = '/', description, statements }: Written): AwsManagedPolicy {
  const arn = `arn:aws:iam::aws:policy${path}${name}`
  const document = JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2)
  return {
    id: idOf(arn),
    arn,
    name,
    path,
    description,
    defaultVersion: 1,
    createdAt: WRITTEN_AT,
    updatedAt: WRITTEN_AT,
    tags: [],
    version: { number: 1, document, createdAt: WRITTEN_AT },
  }
}

/** The same on every server, with nothing stored. */
function idOf(arn: string): string {
  const text = createHash('sha256').update(arn).digest('hex').toUpperCase()
  return `ANPA${text.slice(0, 17)}`
}
