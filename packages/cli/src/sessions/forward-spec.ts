import { UsageFault } from '#fault.ts'

/** One port or socket of this machine, and what is behind it. */
export interface ForwardSpec {
  readonly local: LocalEnd
  /** Undefined: the node itself. */
  readonly host: string | undefined
  readonly port: number
}

/** Port 0 is whichever is free. */
export type LocalEnd = { readonly address: string; readonly port: number } | { readonly socket: string }

const FORMS = 'LOCAL:REMOTE, LOCAL:HOST:REMOTE, ADDRESS:LOCAL:HOST:REMOTE, or /path/of/socket:REMOTE'

/**
 * `8080:80`, `80` (the same port here), `:80` (a free one here), `8080:db.internal:5432`, `0.0.0.0:8080:localhost:80`,
 * `/tmp/docker.sock:2375`; addresses of IPv6 stand in brackets. Throws UsageFault.
 */
export function parseForward(text: string): ForwardSpec {
  const parts = text.match(/\[[^\]]*\]|[^:[\]]+|(?<=^|:)(?=:|$)/g) ?? []
  if (parts.length === 0 || parts.length > 4 || parts.join(':') !== text) throw wrong(text)
  const remote = parts.at(-1)!
  const port = portNumber(remote, 1, text)
  if (parts.length === 1) return { local: { address: 'localhost', port }, host: undefined, port }
  const host = parts.length > 2 ? plain(parts.at(-2)!) : undefined
  if (host === '') throw wrong(text)
  return { local: localEnd(parts.slice(0, Math.max(1, parts.length - 2)), text), host: ofNode(host), port }
}

function localEnd(parts: readonly string[], text: string): LocalEnd {
  if (parts.length === 2) return { address: plain(parts[0]!), port: portNumber(parts[1]!, 0, text) }
  const [only] = parts as [string]
  if (only.startsWith('/') || only.startsWith('./')) return { socket: only }
  return { address: 'localhost', port: only === '' ? 0 : portNumber(only, 0, text) }
}

/** The node reaches itself without being told a host, and then no list of hosts is in the way. */
function ofNode(host: string | undefined): string | undefined {
  return host === 'localhost' ? undefined : host
}

function plain(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}

function portNumber(part: string, least: number, text: string): number {
  const port = Number(part)
  if (/^\d{1,5}$/.test(part) && port >= least && port <= 65_535) return port
  throw wrong(text)
}

function wrong(text: string): UsageFault {
  return new UsageFault(`A forwarding is ${FORMS}, not '${text}'.`)
}
