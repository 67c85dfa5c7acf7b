/** Renews the credentials while the person does something, and signs out when they ran out. */
import { failureOf, isAway } from './failure.ts'
import { signedIn, signIn, signOut } from './sign-in.ts'
import { steward } from './steward.ts'

const LOOK_MS = 10_000
const RENEW_BEFORE_MS = 20 * 60_000
const ACTIVE_MS = 5 * 60_000

let lastActive = Date.now()

/** Looks after the sign-in of this tab until `signal` ends it. */
export function keepSignedIn(signal: AbortSignal): void {
  const active = () => {
    lastActive = Date.now()
  }
  for (const event of ['pointerdown', 'keydown', 'wheel']) addEventListener(event, active, { signal, passive: true })
  const timer = setInterval(() => void look(), LOOK_MS)
  signal.addEventListener('abort', () => clearInterval(timer))
}

async function look(): Promise<void> {
  const caller = signedIn()
  if (!caller) return
  const left = caller.credentials.expiration.getTime() - Date.now()
  if (left <= 0) signOut('expired')
  else if (left < RENEW_BEFORE_MS && Date.now() - lastActive < ACTIVE_MS) await renew()
}

async function renew(): Promise<void> {
  const caller = signedIn()
  if (!caller) return
  try {
    const { Credentials } = await steward('RenewSignIn', {})
    if (Credentials) signIn({ ...caller, credentials: credentialsOf(Credentials) })
  } catch (error) {
    // Away: tried again at the next look. Refused, as at the end of the longest time: they run out by themselves.
    if (!isAway(error)) console.warn(`The sign-in could not be renewed: ${failureOf(error).code}`)
  }
}

/** Credentials of an answer. */
export function credentialsOf(given: {
  AccessKeyId: string
  SecretAccessKey: string
  SessionToken: string
  Expiration: number
}) {
  return {
    accessKeyId: given.AccessKeyId,
    secretAccessKey: given.SecretAccessKey,
    sessionToken: given.SessionToken,
    expiration: new Date(given.Expiration * 1000),
  }
}
