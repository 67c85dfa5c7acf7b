import { signedIn } from '../sign-in.ts'

/** What every client of an AWS service is made with: this very server, and whoever is signed in. */
export interface ClientConfig {
  endpoint: string
  region: string
  credentials: () => Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken: string; expiration: Date }>
  maxAttempts: number
}

/**
 * The client of whoever is signed in: made at first use, and again when somebody else, or the same person with renewed
 * credentials, is.
 */
export function perSignIn<C>(make: (config: ClientConfig) => C): () => C {
  let made: { key: string; client: C } | undefined
  return () => {
    const caller = signedIn()
    if (!caller) throw new Error('Nobody is signed in.')
    const key = caller.credentials.accessKeyId
    if (made?.key !== key) {
      const credentials = async () => caller.credentials
      made = { key, client: make({ endpoint: location.origin, region: caller.region, credentials, maxAttempts: 2 }) }
    }
    return made.client
  }
}
