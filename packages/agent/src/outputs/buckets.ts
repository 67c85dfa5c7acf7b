/*
 * Puts files into buckets, as S3 and all that speak like it take them: addressed by path, since not every name has DNS. A bucket
 * of another Region says so, and is asked again as one of that.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { signRequest } from '@steward/protocol/signature.ts'
import { OutputError, patiently } from '#outputs/output-error.ts'
import type { OutputService } from '#outputs/output-services.ts'
import { type HttpResponse, httpRequest } from '#server/http.ts'

/** What to put: bytes, or a file as far as it is written now. */
export type ObjectSource = Buffer | { path: string }

const silenceMs = 20_000

type Sending = { method: string; url: URL; headers: { [name: string]: string }; source: ObjectSource }

export class Buckets {
  readonly #service: OutputService
  /** Where buckets are that are not in the node's own Region. */
  readonly #regions = new Map<string, string>()

  constructor(service: OutputService) {
    this.#service = service
  }

  /** Writes an object of plain text, which the bucket's owner may read. Throws OutputError. */
  async put(bucket: string, key: string, source: ObjectSource): Promise<void> {
    const headers = { 'content-type': 'text/plain', 'x-amz-acl': 'bucket-owner-full-control' }
    await this.#send(bucket, { method: 'PUT', url: this.#address(bucket, key), headers, source })
  }

  /** Whether what is put there is encrypted by the bucket's own rule. Throws OutputError. */
  async isEncrypted(bucket: string): Promise<boolean> {
    const url = this.#address(bucket, '')
    url.search = '?encryption='
    try {
      await this.#send(bucket, { method: 'GET', url, headers: {}, source: Buffer.alloc(0) })
      return true
    } catch (error) {
      if (error instanceof OutputError && error.code === 'ServerSideEncryptionConfigurationNotFoundError') return false
      throw error
    }
  }

  #address(bucket: string, key: string): URL {
    const path = [bucket, ...(key === '' ? [] : key.split('/'))].map(encoded).join('/')
    const { url } = this.#service
    return new URL(path, url.endsWith('/') ? url : `${url}/`)
  }

  #send(bucket: string, sending: Sending): Promise<void> {
    return patiently(async () => {
      const response = await this.#sendOnce(bucket, sending)
      if (response.status < 300) return
      const region = response.headers['x-amz-bucket-region']
      const moved = typeof region === 'string' && region !== this.#regionOf(bucket)
      if (moved) this.#regions.set(bucket, region)
      throw refusal(response, moved)
    })
  }

  async #sendOnce(bucket: string, { method, url, headers, source }: Sending): Promise<HttpResponse> {
    const { clock, ca, credentials } = this.#service
    const { body, length, sha256 } = await bodyOf(source)
    const request = { method, url, headers, body: { sha256 }, service: 's3', region: this.#regionOf(bucket) }
    const signed = signRequest({ ...request, date: new Date(clock.now()) }, await credentials())
    const sent = { ...signed, ...(method === 'GET' ? {} : { 'content-length': String(length) }) }
    const response = await httpRequest({
      method,
      url,
      headers: sent,
      ...(method === 'GET' ? {} : { body }),
      ca,
      timeoutMs: silenceMs,
    })
    clock.heard(response.headers.date)
    return response
  }

  #regionOf(bucket: string): string {
    return this.#regions.get(bucket) ?? this.#service.region
  }
}

/** A file that grows meanwhile is sent as far as it was hashed. */
async function bodyOf(source: ObjectSource) {
  if (!('path' in source))
    return { body: source, length: source.length, sha256: createHash('sha256').update(source).digest('hex') }
  const { size } = await stat(source.path)
  const read = () => createReadStream(source.path, { end: size - 1 })
  const hash = createHash('sha256')
  for await (const chunk of read()) hash.update(chunk as Buffer)
  return { body: read(), length: size, sha256: hash.digest('hex') }
}

function refusal({ status, body }: HttpResponse, moved: boolean): OutputError {
  const said = (element: string) => new RegExp(`<${element}>([^<]*)</${element}>`).exec(body)?.[1]
  const code = said('Code') ?? `HTTP ${status}`
  const isPassing = moved || status >= 500 || /SlowDown|RequestTimeout|ExpiredToken|Throttling/.test(code)
  return new OutputError(code, `${code}: ${said('Message') ?? `the bucket answered ${status}`}`, isPassing)
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
