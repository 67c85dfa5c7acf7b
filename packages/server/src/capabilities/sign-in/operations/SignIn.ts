/**
 * Exactly one proof is given: user name and password, a one-time code, or what an OpenID Connect provider sent back. Every attempt is on
 * the audit trail as `ConsoleLogin`.
 */
import { setTimeout } from 'node:timers/promises'
import type { SignInRequest, SignInResult } from '@steward/model/generated/steward.ts'
import { findUser } from '#capabilities/iam/index.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { OpenCall } from '#kernel/declare.ts'
import { signInByLink } from '../by-link.ts'
import { signInByOidc } from '../by-oidc.ts'
import { signInByPassword, userSession } from '../by-password.ts'
import { type Attempt, consoleLogin } from '../console-login.ts'
import { validationError } from '../errors.ts'
import { steward } from '../steward.ts'

/** Longer than any refusal takes, so that the time it takes tells nothing. */
const REFUSED_AFTER_MS = 400
const REFUSALS = new Set(['SignInRefusedException', 'PasswordPolicyViolation', 'IdentityProviderException'])

interface Way {
  readonly method: Attempt['method']
  readonly userName?: string
  readonly mfaUsed: boolean
  enter(): Promise<SignInResult>
}

export const SignIn = steward.open('SignIn', {
  authentication: 'none',
  access: () => ({ action: 'steward:SignIn', resources: ['*'] }),
  recordsItself: (error) => !error || REFUSALS.has(error.code),

  async handle(input, call) {
    const way = wayOf(input, call)
    const begun = performance.now()
    try {
      return await way.enter()
    } catch (error) {
      if (!(error instanceof ApiError) || !REFUSALS.has(error.code)) throw error
      await recordRefusal(call, way, error)
      await setTimeout(Math.max(0, begun + REFUSED_AFTER_MS - performance.now()))
      throw error
    }
  },
})

/** Throws `ValidationException` unless exactly one proof is given whole. */
function wayOf(input: SignInRequest, call: OpenCall): Way {
  const { UserName, Password, NewPassword: newPassword, MfaCode: mfaCode, OneTimeCode, State, Code } = input
  const ways: Way[] = []
  if (UserName !== undefined && Password !== undefined)
    ways.push({
      method: 'Password',
      userName: UserName,
      mfaUsed: mfaCode !== undefined,
      enter: () => signInByPassword(call, { userName: UserName, password: Password, newPassword, mfaCode }),
    })
  if (OneTimeCode !== undefined)
    ways.push({ method: 'OneTimeLink', mfaUsed: false, enter: () => signInByLink(call, OneTimeCode) })
  if (State !== undefined && Code !== undefined && call.features.singleSignOn.length > 0)
    ways.push({
      method: 'SingleSignOn',
      mfaUsed: false,
      enter: () => signInByOidc(call, { state: State, code: Code }),
    })
  if (ways.length !== 1)
    throw validationError('Give one of: UserName and Password, OneTimeCode, or State and Code of a provider.')
  return ways[0]!
}

async function recordRefusal(call: OpenCall, { method, userName, mfaUsed }: Way, error: ApiError): Promise<void> {
  const { account } = call.scope
  const user = userName === undefined ? undefined : await call.read((reader) => findUser(reader, account, userName))
  const who = user && userSession(user, call.now, false)
  const attempt: Attempt = { eventName: 'ConsoleLogin', who, method, mfaUsed, refusal: error.message }
  await call.audit.push(consoleLogin(call, attempt))
}
