/** Buckets of another service that speaks S3's API. Its operator chose the address, so it may be any. */
import { signRequest } from '@steward/protocol/signature.ts'
import type { Clock } from './clock.ts'
import type { RemoteBucketsSetting } from './config.ts'
import { DeliveryFailed } from './delivery-failed.ts'
import { EVERYWHERE, openOutbound } from './outbound.ts'

export interface RemoteObject {
  readonly bucket: string
  readonly region: string
  readonly key: string
}

export interface RemoteBuckets {
  /** Such as `https://minio.example.com:9000`. */
  readonly url: string
  /** Throws `DeliveryFailed`, with what the service says in its message. */
  put(object: RemoteObject, body: Buffer, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void>
  /** Harmless if there is none. Throws `DeliveryFailed`. */
  remove(object: RemoteObject, signal: AbortSignal): Promise<void>
  close(): void
}

const TIMEOUT_MS = 60_000

export function openRemoteBuckets({ url: base, ...credentials }: RemoteBucketsSetting, clock: Clock): RemoteBuckets {
  const outbound = openOutbound(EVERYWHERE, { timeoutMs: TIMEOUT_MS })
  async function send(
    method: string,
    { bucket, region, key }: RemoteObject,
    body: Buffer,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<void> {
    const url = new URL(`${base}/${encoded(bucket)}/${key.split('/').map(encoded).join('/')}`)
    const signed = signRequest({ method, url, headers, body, service: 's3', region, date: clock.now() }, credentials)
    const answer = await outbound.send({ method, url: url.href, headers: signed, body }, signal)
    if (answer.status >= 200 && answer.status < 300) return
    const retry = answer.status >= 500 || answer.status === 429
    throw new DeliveryFailed('REMOTE_REFUSED', refusal(url.host, answer), { retry })
  }
  return {
    url: base,
    put: (object, body, headers, signal) => send('PUT', object, body, headers, signal),
    remove: (object, signal) => send('DELETE', object, Buffer.alloc(0), {}, signal),
    close: () => outbound.close(),
  }
}

function refusal(host: string, { status, body }: { status: number; body: string }): string {
  const said = ['Code', 'Message'].flatMap((name) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1] ?? [])
  return `${host} answered ${[status, ...said].join(', ')}`
}

/** All but the unreserved characters, as S3's signature wants it. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
