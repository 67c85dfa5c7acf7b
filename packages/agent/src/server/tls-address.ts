import { isIP } from 'node:net'

/** Where to connect to for a TLS address. A server is told its name only when it has one. */
export function tlsAddress(url: URL): { host: string; port: number; servername?: string } {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return { host, port: Number(url.port || 443), ...(isIP(host) ? {} : { servername: host }) }
}
