import type { SignInMethod } from '@steward/model/generated/steward.ts'

export interface SignInTables {
  sign_in: SignInTable
  sign_in_ended: EndedTable
  sign_in_ticket: TicketTable
  sign_in_attempts: AttemptsTable
}

/** Somebody who is signed in. Gone when they sign out. */
export interface SignInTable {
  id: string
  account: string
  principal_arn: string
  signed_in_at: string
  /** When the latest credentials end: without newer ones, the person was idle for too long. */
  expires_at: string
  /** When newer ones are given no more. */
  ends_at: string
  method: SignInMethod | null
  source_ip: string | null
}

/** A sign-in that somebody else ended. */
export interface EndedTable {
  id: string
  /** When the last role that was assumed in it has ended by itself. */
  until: string
}

/** Something secret that was handed out and is good once. */
export interface TicketTable {
  /** SHA-256 of the secret, in hexadecimal. */
  hash: string
  /** `link` or `oidc`. */
  kind: string
  /** JSON. */
  content: string
  expires_at: string
}

/** Wrong attempts since the last right one. */
export interface AttemptsTable {
  /** `user <name>`, also for names that nobody has, or `address <address>`. */
  subject: string
  failures: number
  failed_at: string
}
