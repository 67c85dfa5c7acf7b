/** Renews the credentials while the person does something, and signs out when they ran out. */
import { isAway } from './failure.ts'
import { type SignedIn, signedIn, signIn, signOut } from './sign-in.ts'
import { steward } from './steward.ts'

const LOOK_MS = 10_000
const RENEW_BEFORE_MS = 20 * 60_000
const ACTIVE_MS = 5 * 60_000

let lastActive = Date.now()
/** The key whose renewal was refused: that the longest time is over does not change. */
let refused: string | undefined

/** Looks after the sign-in of this tab until `signal` ends it. */
export function keepSignedIn(signal: AbortSignal): void {
  const active = () => {
    lastActive = Date.now()
  }
  // Before anybody else: a terminal keeps its keys for itself.
  for (const event of ['pointerdown', 'keydown', 'wheel'])
    addEventListener(event, active, { signal, passive: true, capture: true })
  const timer = setInterval(() => void look(), LOOK_MS)
  signal.addEventListener('abort', () => clearInterval(timer))
}

async function look(): Promise<void> {
  const caller = signedIn()
  if (!caller) return
  const { accessKeyId, expiration } = caller.credentials
  const left = expiration.getTime() - Date.now()
  if (left <= 0) signOut('expired')
  else if (left < RENEW_BEFORE_MS && Date.now() - lastActive < ACTIVE_MS && refused !== accessKeyId) await renew(caller)
}

async function renew(caller: SignedIn): Promise<void> {
  try {
    const { Credentials } = await steward('RenewSignIn', {})
    if (Credentials) signIn({ ...caller, credentials: credentialsOf(Credentials) })
  } catch (error) {
    // Without an answer it is tried again at the next look. Those that are refused run out by themselves.
    if (!isAway(error)) refused = caller.credentials.accessKeyId
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
