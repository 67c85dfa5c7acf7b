import { hostname } from 'node:os'
import { type Address, type Config, isLoopback } from '#kernel/config.ts'
import { type HttpRequest, header } from './http-message.ts'

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

/**
 * Where the sender of a request reaches this server: at the host that it named, which is part of what it signed. What stands in front of
 * the server may speak TLS with it though the server does not; then the configured public URL knows better.
 */
export function originOf(request: Pick<HttpRequest, 'headers' | 'secure'>, publicUrl: string | undefined): string {
  const host = header(request, 'host') ?? ''
  if (publicUrl && new URL(publicUrl).host === host) return publicUrl
  return `${request.secure ? 'https' : 'http'}://${host}`
}
