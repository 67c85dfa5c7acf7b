import { hostname, networkInterfaces } from 'node:os'
import type { Connection } from './connection.ts'
import { Fault } from './fault.ts'
import { ask } from './http.ts'
import { listenerUrl } from './local-installation.ts'

/** What a server says of its TLS listener: where it is bound, and the key that callers find there. */
export interface TlsListener {
  readonly https: { readonly host: string; readonly port: number }
  /** As curl takes it: `sha256//…`. */
  readonly publicKeyPin: string
  readonly hostnames: readonly string[]
}

/** Asks the server; a Fault when it has no TLS listener. */
export async function tlsListener({ endpoint, ca }: Connection): Promise<TlsListener> {
  const url = new URL('/install/listener.json', endpoint)
  const answer = await ask({ method: 'GET', url, ca, timeoutMs: 10_000 })
  if (answer.status !== 200) {
    throw new Fault(`${url} answered HTTP ${answer.status}; is that Steward?`, {
      mend: 'npx steward doctor looks closer.',
    })
  }
  const listener = JSON.parse(answer.body) as { [K in keyof TlsListener]: TlsListener[K] | null }
  if (!listener.https || !listener.publicKeyPin) {
    throw new Fault('The server has no TLS listener, and other machines need one.', {
      mend: 'Start the server without STEWARD_HTTPS=off, or with STEWARD_HTTPS=0.0.0.0:8471.',
    })
  }
  return listener as TlsListener
}

/** The address that other machines would call: a name the operator gave, else this machine's first address. */
export function publicUrl({ https: { host, port }, hostnames }: TlsListener): URL {
  if (host !== '0.0.0.0' && host !== '::') return listenerUrl('https', { host, port })
  return listenerUrl('https', { host: hostnames[0] ?? firstAddress() ?? hostname(), port })
}

function firstAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
