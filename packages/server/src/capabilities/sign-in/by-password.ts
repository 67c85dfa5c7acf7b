/** Signing in as a user, with a password and, where the user has a device, its code. */
import type { SignInResult } from '@steward/model/generated/steward.ts'
import {
  changePassword,
  checkAnyMfa,
  checkNextPassword,
  checkPassword,
  findAccount,
  findUser,
  hasMfa,
  type LoginProfile,
  notePasswordUse,
  passwordExpiry,
  type User,
} from '#capabilities/iam/index.ts'
import type { OpenCall, SessionToIssue } from '#kernel/declare.ts'
import { beginAttempt, endAttempt } from './attempts.ts'
import { consoleLogin } from './console-login.ts'
import { openSession } from './console-session.ts'
import { refused, validationError, wrongSignIn } from './errors.ts'

export interface PasswordProof {
  readonly userName: string
  readonly password: string
  readonly newPassword: string | undefined
  readonly mfaCode: string | undefined
}

/**
 * The user is signed in, or told what else is needed. Nothing is spent before all is there: a new password and a code can be asked
 * for one after the other. Throws `SignInRefusedException`, `PasswordPolicyViolation`, `TooManyAttemptsException`.
 */
export async function signInByPassword(call: OpenCall, proof: PasswordProof): Promise<SignInResult> {
  const { now, scope, sourceIp } = call
  const { userName, password, newPassword, mfaCode } = proof
  await call.write((tx) => beginAttempt(tx, now, sourceIp, userName))
  const user = await call.read((reader) => findUser(reader, scope.account, userName))
  const profile = await checkPassword(call, now, user?.id, password)
  if (!user || !profile) throw wrongSignIn()

  const mustChange = await needsNewPassword(call, profile, newPassword)
  if (mustChange && newPassword === undefined) return challenge(call, 'PasswordChangeRequired', userName)
  const needsCode = await call.read((reader) => hasMfa(reader, user.id))
  if (needsCode && mfaCode === undefined) return challenge(call, 'MfaRequired', userName, userSession(user, now, false))
  if (needsCode && !(await call.write((tx) => checkAnyMfa(tx, call.vault, now, user.id, mfaCode!)))) throw wrongSignIn()
  if (newPassword !== undefined && !(await changePassword(call, now, profile, newPassword))) throw wrongSignIn()
  return openSession(call, 'Password', async (tx) => {
    await endAttempt(tx, sourceIp, userName)
    await notePasswordUse(tx, user.id, now)
    return userSession(user, now, needsCode)
  })
}

/** Whether the password must be changed first. Throws unless a new one will do. */
async function needsNewPassword(
  call: OpenCall,
  profile: LoginProfile,
  newPassword: string | undefined,
): Promise<boolean> {
  const { passwordPolicy } = await call.read((reader) => findAccount(reader, call.scope.account))
  const expiry = passwordExpiry(profile.changedAt, passwordPolicy)
  const isExpired = expiry !== undefined && expiry <= call.now
  if (isExpired && passwordPolicy?.HardExpiry)
    throw refused('The password has expired, and the account lets only an administrator set another.')
  const mustChange = profile.resetRequired || isExpired
  if (newPassword === undefined) return mustChange
  if (!mustChange) throw validationError('NewPassword is for passwords that must be changed; this one need not be.')
  await checkNextPassword(profile, passwordPolicy, newPassword)
  return true
}

/** What was right so far is no wrong attempt. */
async function challenge(
  call: OpenCall,
  Challenge: 'MfaRequired' | 'PasswordChangeRequired',
  userName: string,
  asked?: SessionToIssue,
): Promise<SignInResult> {
  await call.write(async (tx) => {
    await endAttempt(tx, call.sourceIp, userName)
    if (!asked) return
    const attempt = { eventName: 'CheckMfa', who: asked, method: 'Password', mfaUsed: false } as const
    await call.audit.add(tx, consoleLogin(call, attempt))
  })
  call.audit.added()
  return { Challenge }
}

export function userSession({ account, arn, name, id }: User, now: Date, byCode: boolean): SessionToIssue {
  const session = { issuedAt: now.getTime(), ...(byCode && { mfaAt: now.getTime() }) }
  return { kind: 'user', account, arn, name, userId: id, session }
}
