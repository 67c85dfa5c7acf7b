/**
 * Sessions at the console. Their credentials live half an hour and are renewed while the person does something, for twelve hours at
 * most and no longer than the role allows; so who goes away is signed out by the server too.
 */
import type { SignInResult } from '@steward/model/generated/steward.ts'
import { findRoleByArn } from '#capabilities/iam/index.ts'
import type { Reader, Tx } from '#db/database.ts'
import type { IssuedCredentials, OpenCall, SessionToIssue } from '#kernel/declare.ts'
import type { Principal } from '#kernel/principal.ts'
import { type Attempt, consoleLogin } from './console-login.ts'
import { refused } from './errors.ts'
import { addSignIn, type SignedIn } from './store.ts'

const CREDENTIALS_MS = 1_800_000
const LONGEST_MS = 43_200_000

/** The principal without the key that it came with, so that a session can be opened for it. Throws `SignInRefusedException`. */
export function sessionOf(principal: Principal, now: Date): SessionToIssue {
  switch (principal.kind) {
    case 'root':
    case 'user':
    case 'role': {
      const { accessKeyId: _came, session, ...who } = principal
      return { ...who, session: session ?? { issuedAt: now.getTime() } } as SessionToIssue
    }
    default:
      throw refused('Only the root, users and roles can sign in.')
  }
}

/**
 * Signs the principal in, on record, in the transaction in which `prove` proves that it is who it says. Throws what `prove` throws, and
 * `SignInRefusedException`.
 */
export async function openSession(
  call: OpenCall,
  method: Attempt['method'],
  prove: (tx: Tx) => Promise<SessionToIssue>,
): Promise<SignInResult> {
  const id = call.ids.orderedUuid()
  const origin = { method, sourceIp: call.sourceIp }
  const { who, signIn } = await call.write(async (tx) => {
    const proven = await prove(tx)
    const who: SessionToIssue = { ...proven, session: { ...proven.session, signIn: id } }
    const endsAt = await endOf(tx, who)
    if (endsAt <= call.now) throw refused('This has been signed in for as long as it may. Sign in anew.')
    const signIn = { id, account: who.account, principalArn: who.arn, ...origin, signedInAt: call.now, endsAt }
    const expiresAt = nextExpiry(call.now, endsAt)
    await addSignIn(tx, { ...signIn, expiresAt })
    const mfaUsed = who.session.mfaAt !== undefined
    await call.audit.add(tx, consoleLogin(call, { eventName: 'ConsoleLogin', who, method, mfaUsed }))
    return { who, signIn: { ...signIn, expiresAt } }
  })
  call.audit.added()
  return answer(call, who, signIn)
}

/** What whoever is signed in gets: credentials until the sign-in expires. */
export function answer(
  call: { readonly now: Date; issueSession(session: SessionToIssue, lifeSeconds: number): IssuedCredentials },
  who: SessionToIssue,
  { signedInAt, expiresAt, endsAt }: SignedIn,
): SignInResult {
  const seconds = (expiresAt.getTime() - call.now.getTime()) / 1000
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = call.issueSession(who, seconds)
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: expiration,
    },
    Principal: {
      Account: who.account,
      Arn: who.arn,
      ...nameOf(who),
      MfaAuthenticated: who.session.mfaAt !== undefined,
    },
    SignedInAt: signedInAt,
    EndsAt: endsAt,
  }
}

/** The sign-in that the caller's credentials belong to. */
export function signInOf(principal: Principal): string | undefined {
  return 'session' in principal ? principal.session?.signIn : undefined
}

export function nextExpiry(now: Date, endsAt: Date): Date {
  return new Date(Math.min(now.getTime() + CREDENTIALS_MS, endsAt.getTime()))
}

/** Counted from when the principal proved itself first: signing in with the credentials of a session does not make it longer. */
async function endOf(reader: Reader, who: SessionToIssue): Promise<Date> {
  const role = who.kind === 'role' ? await findRoleByArn(reader, who.roleArn) : undefined
  const longest = who.kind === 'role' ? Math.min((role?.maxSessionSeconds ?? 0) * 1000, LONGEST_MS) : LONGEST_MS
  return new Date(who.session.issuedAt + longest)
}

function nameOf(who: SessionToIssue): { Kind: 'Root' | 'User' | 'Role'; Name: string } {
  switch (who.kind) {
    case 'root':
      return { Kind: 'Root', Name: 'root' }
    case 'role':
      return { Kind: 'Role', Name: `${who.name}/${who.sessionName}` }
    default:
      return { Kind: 'User', Name: who.name }
  }
}
