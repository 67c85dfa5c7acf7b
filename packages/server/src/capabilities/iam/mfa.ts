/** Proofs by a user's second factor. A code proves something once: it and those before it are spent with it. */
import type { Reader, Tx } from '#db/database.ts'
import type { Vault } from '#kernel/vault.ts'
import { invalidAuthenticationCode } from './errors.ts'
import { mustWait } from './failed-attempts.ts'
import { findMfaDevice, type MfaDevice, mfaDevicesOf, seedOf, setMfaDevice } from './mfa-device-store.ts'
import { codeNumberAt, findCodes } from './totp.ts'

/** Codes to either side of the one that is due: what typing and clocks take. */
const REACH = 1
/** Five minutes: how far a device's clock may be off when it is first used. */
const ENABLE_REACH = 10
/** Two hours: how far it may have drifted when somebody says that it did. */
const RESYNC_REACH = 240

export interface MfaProof {
  readonly account: string
  readonly userId: string
  readonly serialNumber: string
  readonly code: string
}

/**
 * Whether a code proves that the user holds the device. A right code is spent, a wrong one is counted against guessing, both in `tx`: so
 * a caller that refuses a wrong code must throw only after `tx` has committed.
 */
export async function checkMfa(tx: Tx, vault: Vault, now: Date, proof: MfaProof): Promise<boolean> {
  const device = await findMfaDevice(tx, proof.account, proof.serialNumber)
  return device?.enabled?.userId === proof.userId && spend(tx, vault, now, [device], proof.code)
}

/** The same for a code of any of the user's devices. */
export async function checkAnyMfa(tx: Tx, vault: Vault, now: Date, userId: string, code: string): Promise<boolean> {
  return spend(tx, vault, now, await mfaDevicesOf(tx, userId), code)
}

export async function hasMfa(reader: Reader, userId: string): Promise<boolean> {
  return (await mfaDevicesOf(reader, userId)).length > 0
}

async function spend(tx: Tx, vault: Vault, now: Date, devices: readonly MfaDevice[], code: string): Promise<boolean> {
  const asked = devices.filter(({ attempts }) => !mustWait(attempts, now))
  for (const device of asked) {
    const found = findCodes(await seedOf(tx, vault, device), [code], codeNumberAt(now) + device.drift, REACH)
    if (found === undefined || found <= device.lastCode) continue
    await setMfaDevice(tx, device, { lastCode: found, attempts: { failures: 0, failedAt: undefined } })
    return true
  }
  for (const device of asked)
    await setMfaDevice(tx, device, { attempts: { failures: device.attempts.failures + 1, failedAt: now } })
  return false
}

/** Learns from two codes in a row how far the device's clock is off. Throws `InvalidAuthenticationCode`. */
export async function synchronise(
  reader: Reader,
  vault: Vault,
  now: Date,
  device: MfaDevice,
  codes: readonly [string, string],
): Promise<Pick<MfaDevice, 'drift' | 'lastCode' | 'attempts'>> {
  const due = codeNumberAt(now)
  const last = findCodes(await seedOf(reader, vault, device), codes, due, device.enabled ? RESYNC_REACH : ENABLE_REACH)
  if (last === undefined || last <= device.lastCode) throw invalidAuthenticationCode()
  // Codes that are a little old were typed slowly; the clock is right.
  const drift = last >= due - 2 && last <= due + 1 ? 0 : last - due
  return { drift, lastCode: last, attempts: { failures: 0, failedAt: undefined } }
}
