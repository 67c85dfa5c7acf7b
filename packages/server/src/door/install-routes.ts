/**
 * What another machine needs to become a node: the installer, our agent, a Node runtime, the certificate authority. Open to
 * everybody who reaches the listener, because nothing of it is secret; what enrols is the activation.
 */
import { createReadStream } from 'node:fs'
import { agentVersion } from '@steward/agent/version.ts'
import type { Address } from '#kernel/config.ts'
import { type HttpRequest, type HttpResponse, header } from './http-message.ts'
import { type AgentBundle, bundleAgent, OLDEST_NODE } from './install/agent-bundle.ts'
import { hostOf, installScript } from './install/install-script.ts'
import { type NodeRuntime, nodeRuntimes } from './install/node-runtimes.ts'
import type { Route } from './listener.ts'

export interface Installation {
  /** Undefined when the TLS listener is switched off. */
  readonly tls: { readonly caPem: string; readonly publicKeyPin: string } | undefined
  /** Where the TLS listener is bound. */
  readonly https: Address | undefined
  /** Names beyond the machine's own that the certificate is for. */
  readonly hostnames: readonly string[]
  readonly region: string
}

const PREFIX = '/install/'

/**
 * The agent is bundled into `bundleFile` when it is first asked for. `installation` is asked at each request, so it may tell what
 * is known only after the listeners started.
 */
export function installRoutes(bundleFile: string, installation: () => Installation): Route {
  const bundle = remembered(() => bundleAgent(bundleFile))
  const runtimes = remembered(nodeRuntimes)
  return (request) => {
    if (request.method !== 'GET' || !request.path.startsWith(PREFIX)) return undefined
    const name = request.path.slice(PREFIX.length)
    if (name === 'agent.sh') return script(request, installation(), bundle, runtimes)
    if (name === 'agent.json') return bundle().then(servedAgent)
    if (name === 'agent.mjs') return bundle().then(agentFile)
    if (name === 'ca.pem') return authority(installation())
    if (name === 'listener.json') return listener(installation())
    if (name.startsWith('runtime/')) return runtimes().then((all) => runtimeFile(all, name.slice('runtime/'.length)))
    return text(404, 'There are agent.sh, agent.json, agent.mjs, ca.pem, listener.json and runtime/PLATFORM here.\n')
  }
}

async function script(
  request: HttpRequest,
  { tls, region }: Installation,
  bundle: () => Promise<AgentBundle>,
  runtimes: () => Promise<NodeRuntime[]>,
): Promise<HttpResponse> {
  const host = hostOf(header(request, 'host'))
  if (!host) return text(400, 'The Host header must be a host name or an address.\n')
  const [{ sha256 }, available] = await Promise.all([bundle(), runtimes()])
  const body = await installScript({
    url: `${request.secure ? 'https' : 'http'}://${host}`,
    region,
    caPem: request.secure ? tls?.caPem : undefined,
    bundleSha256: sha256,
    oldestNode: OLDEST_NODE,
    runtimes: available,
  })
  return { status: 200, headers: { 'content-type': 'text/x-shellscript; charset=utf-8' }, body }
}

function agentFile({ bytes, sha256 }: AgentBundle): HttpResponse {
  return {
    status: 200,
    headers: { 'content-type': 'text/javascript; charset=utf-8', etag: `"${sha256}"` },
    body: bytes,
  }
}

/** Which version agents get that are updated, and what they are to find in it (AGT-14). */
function servedAgent({ sha256 }: AgentBundle): HttpResponse {
  return json({ version: agentVersion, sha256 })
}

function authority({ tls }: Installation): HttpResponse {
  if (!tls) return text(404, 'This server has no TLS listener, so it has no certificate authority.\n')
  return { status: 200, headers: { 'content-type': 'application/x-pem-file' }, body: tls.caPem }
}

/** Where agents of other machines call, and the key that they find there. */
function listener({ tls, https, hostnames, region }: Installation): HttpResponse {
  return json({ https: https ?? null, publicKeyPin: tls ? `sha256//${tls.publicKeyPin}` : null, hostnames, region })
}

function runtimeFile(runtimes: readonly NodeRuntime[], platform: string): HttpResponse {
  const runtime = runtimes.find((candidate) => candidate.platform === platform)
  if (!runtime) {
    const known = runtimes.map((candidate) => candidate.platform).join(', ') || 'none'
    return text(404, `This server has no Node runtime for this platform. It has: ${known}.\n`)
  }
  return {
    status: 200,
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(runtime.bytes),
      etag: `"${runtime.sha256}"`,
    },
    body: createReadStream(runtime.path, { highWaterMark: 1 << 18 }),
  }
}

function json(body: object): HttpResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(body)}\n` }
}

function text(status: number, body: string): HttpResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body }
}

/** Makes a value once; a failure is not remembered, so the next caller tries again. */
function remembered<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make().catch((error) => {
      made = undefined
      throw error
    })
    return made
  }
}
