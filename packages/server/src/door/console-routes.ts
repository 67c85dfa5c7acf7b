/**
 * The web console's files, as its build left them. Nothing of them is secret: what a person sees is what the API answers. The page is
 * asked for anew each time and names its assets by their content, so they are kept for ever; assets of builds before stay
 * reachable for pages that were opened then.
 */
import { hash } from 'node:crypto'
import { readdir, readFile, realpath } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { Readable } from 'node:stream'
import { type HttpRequest, type HttpResponse, header } from './http-message.ts'
import { hostOf } from './install/install-script.ts'
import type { Route } from './listener.ts'

const PREFIX = '/console'
const FOR_EVER = 'public, max-age=31536000, immutable'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** Encodings in the order in which they are preferred, and what their files end with. */
const ENCODINGS = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const

/** `folder` is where builds are: `current` leads to the newest. */
export function consoleRoutes(folder: string): Route {
  const files = new Files(folder)
  return (request) => {
    const { method, path } = request
    if (method !== 'GET' && method !== 'HEAD') return undefined
    if (path === '/' && isBrowser(request)) return redirect(`${PREFIX}/`)
    if (path !== PREFIX && !path.startsWith(`${PREFIX}/`)) return undefined
    return serve(files, request, path.slice(PREFIX.length + 1))
  }
}

async function serve(files: Files, request: HttpRequest, name: string): Promise<HttpResponse> {
  const isAsset = name.startsWith('assets/')
  const wanted = isAsset || files.isFile(name) ? name : 'index.html'
  const found = await files.find(wanted, encodingsOf(request))
  if (!found) return isAsset || wanted === name ? text(request, 404, 'There is no such file.\n') : notBuilt(request)
  const headers = {
    ...securityHeaders(request),
    'cache-control': isAsset ? FOR_EVER : 'no-cache',
    'content-type': TYPES[extname(wanted)]!,
    vary: 'accept-encoding',
    etag: found.etag,
    ...(found.encoding && { 'content-encoding': found.encoding }),
  }
  const isKnown = header(request, 'if-none-match')?.includes(found.etag)
  return isKnown ? { status: 304, headers, body: Readable.from([]) } : { status: 200, headers, body: found.body }
}

interface File {
  readonly body: Buffer
  readonly etag: string
  readonly encoding: string | undefined
}

/** The files of all builds. What was read once is kept, since a build never changes. */
class Files {
  readonly #folder: string
  readonly #kept = new Map<string, Promise<File | undefined>>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Whether a name can be that of a file beside the page. All other addresses are pages of the console. */
  isFile(name: string): boolean {
    return /^[\w-]+\.\w+$/.test(name) && extname(name) in TYPES
  }

  async find(name: string, encodings: readonly string[]): Promise<File | undefined> {
    if (!/^(assets\/)?[\w-][\w.-]*$/.test(name) || !(extname(name) in TYPES)) return undefined
    for (const build of await this.#builds(name)) {
      const key = [build, name, ...encodings].join(' ')
      const file = await (this.#kept.get(key) ?? this.#keep(key, read(join(build, name), encodings)))
      if (file) return file
      this.#kept.delete(key)
    }
    return undefined
  }

  /** Where to look: for assets in older builds too. */
  async #builds(name: string): Promise<string[]> {
    const current = await realpath(join(this.#folder, 'current')).catch(() => undefined)
    if (!current) return []
    if (!name.startsWith('assets/')) return [current]
    const others = (await readdir(this.#folder)).filter((other) => /^[0-9a-f]{16}$/.test(other))
    return [current, ...others.map((other) => join(this.#folder, other))]
  }

  #keep(key: string, file: Promise<File | undefined>): Promise<File | undefined> {
    this.#kept.set(key, file)
    return file
  }
}

async function read(path: string, encodings: readonly string[]): Promise<File | undefined> {
  for (const { name, suffix } of ENCODINGS) {
    const body = encodings.includes(name) ? await readFile(`${path}${suffix}`).catch(() => undefined) : undefined
    if (body) return { body, etag: etagOf(body), encoding: name }
  }
  const body = await readFile(path).catch(() => undefined)
  return body && { body, etag: etagOf(body), encoding: undefined }
}

function etagOf(body: Buffer): string {
  return `"${hash('sha256', body, 'base64url').slice(0, 22)}"`
}

/** Which of ours the caller takes. */
function encodingsOf(request: HttpRequest): string[] {
  const accepted = (header(request, 'accept-encoding') ?? '').split(',').map((one) => one.trim())
  return ENCODINGS.map(({ name }) => name).filter((name) =>
    accepted.some((one) => one.split(';')[0] === name && !/;\s*q=0(\.0*)?$/.test(one)),
  )
}

function isBrowser(request: HttpRequest): boolean {
  return header(request, 'accept')?.includes('text/html') ?? false
}

/** Nothing is loaded from elsewhere, nothing is run that stands in the page, and nobody frames it. */
function securityHeaders(request: HttpRequest): Record<string, string> {
  const host = hostOf(header(request, 'host'))
  // What stands in front of the server may speak TLS though the server does not.
  const sockets = host ? ` ws://${host} wss://${host}` : ''
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      `connect-src 'self'${sockets}`,
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  }
}

function notBuilt(request: HttpRequest): HttpResponse {
  return text(
    request,
    503,
    'The console is not built yet. Run node packages/console/build.mjs where Steward is (npm start does it), then reload.\n',
  )
}

function redirect(location: string): HttpResponse {
  return { status: 302, headers: { location, 'cache-control': 'no-store' }, body: '' }
}

function text(request: HttpRequest, status: number, body: string): HttpResponse {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }
  return { status, headers: { ...securityHeaders(request), ...headers }, body }
}
