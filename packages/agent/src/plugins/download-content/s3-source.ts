/*
 * sourceType S3: `path` is an https address of an object or a folder (path-style or virtual-hosted, on any host), or
 * s3://bucket/key on Amazon's hosts. Amazon's hosts mean the server if it has the bucket, since that is how Amazon's agent is
 * told of a store that is not Amazon's. Requests are signed with the node's credentials; when these are refused, as Amazon
 * does with credentials it did not give, the object is asked for again without any, which is enough for public ones.
 */
import { mkdir } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { basename, dirname, join, normalize } from 'node:path'
import { signRequest } from '@steward/protocol/signature.ts'
import type { Download } from '#plugins/download-content/download-content.ts'
import { fileAt } from '#plugins/download-content/download-content.ts'
import { caFor } from '#plugins/download-content/http-source.ts'
import { saveFile } from '#plugins/download-content/save-file.ts'
import { inputText } from '#plugins/inputs.ts'
import { openHttp } from '#server/http.ts'

/** A bucket's name and address, and a key in it. */
export type S3Location = { name: string; bucket: URL; key: string; region: string }

const silenceMs = 60_000

export async function downloadFromS3(download: Download): Promise<string[]> {
  const path = inputText(download.info, 'path').trim()
  if (path === '') throw new Error('S3 source path in SourceInfo must be specified')
  const location = await whereItIs(parseS3Path(path, download.io.server.region), download)
  if (location.key === '' || location.key.endsWith('/')) return downloadFolder(location, download)
  try {
    return [await downloadObject(location, location.key, download)]
  } catch (error) {
    if (!(error instanceof NoSuchObject)) throw error
    // A folder may be named without its slash.
    const files = await downloadFolder({ ...location, key: `${location.key}/` }, download)
    if (files.length === 0) throw error
    return files
  }
}

class NoSuchObject extends Error {
  override readonly name = 'NoSuchObject'
}

/** Reads a path; throws when it is not one of S3. */
export function parseS3Path(path: string, defaultRegion: string): S3Location {
  const url = URL.canParse(path) ? new URL(path.replaceAll('+', '%20')) : undefined
  if (url?.protocol === 's3:') {
    const bucket = new URL(`https://s3.${defaultRegion}.amazonaws.com/${url.host}`)
    return { name: url.host, bucket, key: decodeURIComponent(url.pathname.slice(1)), region: defaultRegion }
  }
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') throw new Error('invalid S3 path parameter')
  const region = /\bs3[.-]([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(url.host)?.[1] ?? defaultRegion
  const [, virtualHosted] = /^(.+?)\.s3[.-]/.exec(url.host) ?? []
  const [, first = '', ...rest] = url.pathname.split('/')
  if (virtualHosted) {
    return { name: virtualHosted, bucket: new URL('/', url), key: decodeURIComponent(url.pathname.slice(1)), region }
  }
  if (first === '') throw new Error('invalid S3 path parameter')
  return { name: first, bucket: new URL(`/${first}`, url), key: decodeURIComponent(rest.join('/')), region }
}

async function whereItIs(location: S3Location, download: Download): Promise<S3Location> {
  if (!/\.amazonaws\.com(\.cn)?$/.test(location.bucket.host)) return location
  const { url, region } = download.io.server
  const bucket = new URL(`/${location.name}`, url)
  const answer = await ask('HEAD', bucket, region, true, download)
  answer.resume()
  return answer.statusCode === 404 ? location : { ...location, bucket, region }
}

async function downloadObject(location: S3Location, key: string, download: Download): Promise<string> {
  const file = await fileAt(download.destination, basename(key))
  await saveFile(await get(address(location, key), location.region, download), file, download.signal)
  return file
}

async function downloadFolder(location: S3Location, download: Download): Promise<string[]> {
  const files = []
  for (const key of await listFolder(location, download)) files.push(await downloadInto(location, key, download))
  return files
}

/** A file of a folder keeps its path below the folder. */
async function downloadInto(location: S3Location, key: string, download: Download): Promise<string> {
  const below = normalize(key.slice(location.key.length))
  if (below.startsWith('..')) throw new Error(`The key ${key} would leave the destination`)
  const file = join(download.destination, below)
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await saveFile(await get(address(location, key), location.region, download), file, download.signal)
  return file
}

async function listFolder(location: S3Location, download: Download): Promise<string[]> {
  const keys: string[] = []
  for (let token: string | undefined; ; ) {
    const url = new URL(location.bucket)
    url.searchParams.set('list-type', '2')
    url.searchParams.set('prefix', location.key)
    if (token) url.searchParams.set('continuation-token', token)
    const xml = await textOf(await get(url, location.region, download))
    keys.push(...[...xml.matchAll(/<Key>([^<]+)<\/Key>/g)].map((match) => unescapeXml(match[1]!)))
    token = /<NextContinuationToken>([^<]+)</.exec(xml)?.[1]
    if (!token) return keys.filter((key) => !key.endsWith('/'))
  }
}

function address(location: S3Location, key: string): URL {
  const path = key.split('/').map(encodeURIComponent).join('/')
  return new URL(`${location.bucket.pathname.replace(/\/$/, '')}/${path}`, location.bucket)
}

/** Resolves with a 200 whose body is still to be read. */
async function get(url: URL, region: string, download: Download): Promise<IncomingMessage> {
  for (const isSigned of [true, false]) {
    const response = await ask('GET', url, region, isSigned, download)
    if (response.statusCode === 200) return response
    response.resume()
    if (response.statusCode !== 403 && response.statusCode !== 400) {
      const sentence = `Failed to download from S3: ${url.host} answered ${response.statusCode}`
      throw response.statusCode === 404 ? new NoSuchObject(sentence) : new Error(sentence)
    }
  }
  throw new Error(`Failed to download from S3: ${url.host} denied access`)
}

async function ask(method: string, url: URL, region: string, isSigned: boolean, { io, signal }: Download) {
  const request = { method, url, headers: {}, body: '', service: 's3', region, date: new Date() }
  const headers = isSigned ? signRequest(request, await io.server.credentials()) : {}
  return openHttp({ method, url, headers, ca: await caFor(url, io.server), timeoutMs: silenceMs, signal })
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

function unescapeXml(text: string): string {
  const characters: { [entity: string]: string } = {
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&apos;': "'",
    '&amp;': '&',
  }
  return text.replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => characters[entity]!)
}
