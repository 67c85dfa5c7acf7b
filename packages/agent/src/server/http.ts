/*
 * Plain HTTP requests. `fetch` would do, but it doubles the memory of an idle agent and cannot be given a certificate
 * authority.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { openTunnel, proxyFor } from '#server/proxy.ts'

// By require, because an import evaluates every export, and one of node:http's loads the whole of fetch: 8 MB.
const require = createRequire(import.meta.url)
const http: typeof import('node:http') = require('node:http')
const https: typeof import('node:https') = require('node:https')

export type HttpRequest = {
  method: string
  url: URL
  headers?: { [name: string]: string }
  /** Of a stream the headers must tell the length. */
  body?: string | Buffer | Readable
  /** PEM of the only certificate authority to trust; absent: the system's. */
  ca?: string | undefined
  /** Longest silence, in milliseconds. */
  timeoutMs: number
  signal?: AbortSignal
}

export type HttpResponse = { status: number; headers: IncomingHttpHeaders; body: string }

/** More than any answer that is collected has; a server that is ill must not fill the node's memory. */
const mostBytes = 16 * 2 ** 20

/** Sends a request and collects the whole answer, whatever its status. Rejects when there is no whole answer. */
export async function httpRequest(request: HttpRequest): Promise<HttpResponse> {
  const response = await openHttp(request)
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > mostBytes) throw new Error(`${request.url.host} answered with more than ${mostBytes / 2 ** 20} MiB`)
    chunks.push(chunk)
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }
}

/** Sends a request and resolves with the answer as it begins; its body is to be read by the caller. */
export async function openHttp(request: HttpRequest): Promise<IncomingMessage> {
  const { method, url, headers, body, ca, timeoutMs, signal } = request
  const tunnel = await tunnelOptions(url, timeoutMs)
  return new Promise((resolve, reject) => {
    const streams = body instanceof Readable
    const length = body === undefined || streams ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const options = { method, headers: { ...headers, ...length }, timeout: timeoutMs, signal, ...tunnel }
    const sent =
      url.protocol === 'https:' ? https.request(url, { ...options, ...(ca ? { ca } : {}) }) : http.request(url, options)
    sent.once('response', resolve)
    sent.once('error', reject)
    sent.once('timeout', () => sent.destroy(new Error(`${url.host} did not answer within ${timeoutMs / 1000} s`)))
    if (streams) body.once('error', (error) => sent.destroy(error)).pipe(sent)
    else sent.end(body)
  })
}

/** What makes a request, or a WebSocket, go through the proxy of the environment; nothing when there is none. */
export async function tunnelOptions(url: URL, timeoutMs: number): Promise<TunnelOptions> {
  const proxy = proxyFor(url, process.env)
  if (!proxy) return {}
  const socket = await openTunnel(url, proxy, timeoutMs)
  const secure = url.protocol === 'https:' || url.protocol === 'wss:'
  return { agent: false, ...(secure ? { socket } : { createConnection: () => socket }) }
}

type TunnelOptions = { agent?: false; socket?: Socket; createConnection?: () => Socket }
