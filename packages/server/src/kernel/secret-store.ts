/** Where secrets are that Parameter Store passes on (PS-15). Nothing of them is kept here. */
import type { Scope } from './scope.ts'

export interface SecretStore {
  /** For people who look after the server: where it is, without what is secret in that. */
  readonly url: string
  /**
   * Undefined if there is no such secret, or not in that version. Throws `AccessDeniedException` where the store refuses this server, and
   * `ServiceUnavailable` where it does not answer as it should.
   */
  read(scope: Scope, name: string, version: SecretVersion): Promise<Secret | undefined>
  /** Throws the reason why nothing can be read from it now, with a sentence. */
  check(): Promise<void>
  close(): void
}

/** By its id, or as what it is now: `AWSCURRENT`, `AWSPREVIOUS`, or a stage of the store's own. */
export type SecretVersion = { readonly id: string } | { readonly stage: string }

export const CURRENT = 'AWSCURRENT'
export const PREVIOUS = 'AWSPREVIOUS'

export interface Secret {
  /** The store's own; undefined: it has no such names. */
  readonly arn: string | undefined
  readonly name: string
  readonly versionId: string
  readonly versionStages: readonly string[]
  /** Undefined for what is no text. */
  readonly text: string | undefined
  /** Undefined where the store does not tell. */
  readonly createdAt: Date | undefined
}

/** The id of a version that its store only numbers: the number, in the form of ids. */
export function versionIdOf(number: number): string {
  const digits = String(number).padStart(16, '0')
  return `00000000-0000-0000-${digits.slice(0, 4)}-${digits.slice(4)}`
}

/** Undefined for the id of no numbered version. */
export function numberOfVersion(id: string): number | undefined {
  const [, high, low] = /^0{8}-0{4}-0{4}-(\d{4})-(\d{12})$/.exec(id) ?? []
  return high === undefined ? undefined : Number(`${high}${low}`)
}
