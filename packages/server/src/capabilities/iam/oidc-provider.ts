export const PROVIDERS_PER_ACCOUNT = 100
export const CLIENT_IDS_PER_PROVIDER = 100
export const THUMBPRINTS_PER_PROVIDER = 5

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * The URL of an issuer as IAM keeps it: without `https://` and closing slash. Undefined if it is not the URL of one. Ours: an issuer
 * on this very machine may do without TLS.
 */
export function providerUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, host, hostname, pathname, search, hash, username } = new URL(text)
  const safe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname))
  return safe && !search && !hash && !username ? `${host}${pathname}`.replace(/\/$/, '') : undefined
}
