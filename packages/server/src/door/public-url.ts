import { hostname } from 'node:os'
import { type Address, type Config, isLoopback } from '#kernel/config.ts'

/**
 * Where others reach the server, without a slash at the end, if nobody says it better: with TLS, unless only this machine reaches that
 * listener too.
 */
export function publicUrl(
  { publicUrl, hostnames }: Pick<Config, 'publicUrl' | 'hostnames'>,
  { http, https }: { readonly http: Address; readonly https: Address | undefined },
): string {
  if (publicUrl) return publicUrl
  const isSecure = https !== undefined && (hostnames.length > 0 || !isLoopback(https.host))
  const { host, port } = isSecure ? https : http
  const isAnywhere = host === '0.0.0.0' || host === '::'
  const name = (isSecure ? hostnames[0] : undefined) ?? (isAnywhere ? hostname() : host)
  return `${isSecure ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${port}`
}
