import type { PasswordPolicy, UpdateAccountPasswordPolicyRequest } from '@steward/model/generated/iam.ts'
import { passwordViolates } from './errors.ts'

/** What a password must be in an account without a policy of its own. */
const DEFAULT_LENGTH = 8
const DEFAULT_KINDS = 3

/** The shortest password that a policy allows which says nothing of length. */
const SHORTEST = 6

const KINDS = [
  { of: /[A-Z]/, rule: 'RequireUppercaseCharacters', called: 'uppercase letter' },
  { of: /[a-z]/, rule: 'RequireLowercaseCharacters', called: 'lowercase letter' },
  { of: /[0-9]/, rule: 'RequireNumbers', called: 'number' },
  { of: /[!@#$%^&*()_+\-=[\]{}|']/, rule: 'RequireSymbols', called: 'symbol' },
] as const

/** A request replaces the whole policy: what it leaves out is off. */
export function toPasswordPolicy(input: UpdateAccountPasswordPolicyRequest): PasswordPolicy {
  return {
    MinimumPasswordLength: input.MinimumPasswordLength ?? SHORTEST,
    RequireSymbols: input.RequireSymbols ?? false,
    RequireNumbers: input.RequireNumbers ?? false,
    RequireUppercaseCharacters: input.RequireUppercaseCharacters ?? false,
    RequireLowercaseCharacters: input.RequireLowercaseCharacters ?? false,
    AllowUsersToChangePassword: input.AllowUsersToChangePassword ?? false,
    ExpirePasswords: input.MaxPasswordAge !== undefined,
    ...(input.MaxPasswordAge !== undefined && { MaxPasswordAge: input.MaxPasswordAge }),
    ...(input.PasswordReusePrevention !== undefined && { PasswordReusePrevention: input.PasswordReusePrevention }),
    HardExpiry: input.HardExpiry ?? false,
  }
}

/** Throws `PasswordPolicyViolation` with the first rule that the password breaks. */
export function checkNewPassword(password: string, policy: PasswordPolicy | undefined): void {
  const length = policy?.MinimumPasswordLength ?? DEFAULT_LENGTH
  if (password.length < length) throw passwordViolates(`Password should have a minimum length of ${length}`)
  if (!policy) checkKinds(password)
  const missing = KINDS.find(({ of, rule }) => policy?.[rule] && !of.test(password))
  if (missing) throw passwordViolates(`Password should have at least one ${missing.called}`)
}

/** When the password must be changed; undefined if never. */
export function passwordExpiry(changedAt: Date, policy: PasswordPolicy | undefined): Date | undefined {
  return policy?.MaxPasswordAge === undefined
    ? undefined
    : new Date(changedAt.getTime() + policy.MaxPasswordAge * 86_400_000)
}

function checkKinds(password: string): void {
  if (KINDS.filter(({ of }) => of.test(password)).length >= DEFAULT_KINDS) return
  throw passwordViolates(
    'Password should have at least three of these: uppercase letter, lowercase letter, number, symbol',
  )
}
