/*
 * SM-11: what a session shows, in a file that its user cannot reach, and from there in the bucket and the log group that the
 * document names: in the log group line by line while the session goes on if it says so, else all at the end. A session whose
 * log must be encrypted does not begin where it would not be.
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { ShownText } from '@steward/protocol/recording/shown-text.ts'
import { sentenceOf } from '#log.ts'
import type { LogFollower } from '#outputs/log-follower.ts'
import type { OutputServices } from '#outputs/output-services.ts'
import { SessionError } from '#sessions/session-error.ts'
import type { SessionRequest } from '#sessions/session-request.ts'

/** Where the log of a session is; empty: nowhere. */
export type TranscriptPlaces = { s3Bucket: string; s3UrlSuffix: string; cwlGroup: string; cwlStream: string }

export type Transcript = {
  shown(bytes: Uint8Array): void
  /** Delivers it all. What is not taken is in the log of this process only. */
  finish(warn: (why: string) => void): Promise<TranscriptPlaces>
}

export const noPlaces: TranscriptPlaces = { s3Bucket: '', s3UrlSuffix: '', cwlGroup: '', cwlStream: '' }

export const noTranscript: Transcript = { shown() {}, finish: async () => noPlaces }

export type TranscriptOptions = {
  request: SessionRequest
  services: OutputServices
  folder: string
  nodeId: string
  region: string
  runAsUser: string
}

/** What is kept of a session that shows without end. */
const longest = 256 * 1024 * 1024
const streamedEventBytes = 33_000
const advice = 'or choose an option to enable logging without encryption.'

/** Begins a transcript. Throws SessionError when it may not be kept as the document asks. */
export async function openTranscript(options: TranscriptOptions): Promise<Transcript> {
  const { s3BucketName } = options.request.logging
  if (s3BucketName !== '') await checkBucket(options)
  const group = await usableGroup(options)
  const path = join(options.folder, 'transcript')
  const file = openSync(path, 'w', 0o600)
  const follower = group === '' ? undefined : await followerOf(options, group, path)
  return new FileTranscript(options, path, file, follower)
}

class FileTranscript implements Transcript {
  readonly #options: TranscriptOptions
  readonly #path: string
  readonly #file: number
  readonly #follower: LogFollower | undefined
  #written = 0
  #finished = false

  constructor(options: TranscriptOptions, path: string, file: number, follower: LogFollower | undefined) {
    this.#options = options
    this.#path = path
    this.#file = file
    this.#follower = follower
  }

  shown(bytes: Uint8Array): void {
    if (this.#finished || this.#written > longest) return
    this.#written += bytes.length
    writeSync(this.#file, bytes)
  }

  async finish(warn: (why: string) => void): Promise<TranscriptPlaces> {
    this.#finished = true
    closeSync(this.#file)
    const [inBucket, inGroup] = await Promise.all([this.#upload(warn), this.#follow(warn)])
    return { ...noPlaces, ...inBucket, ...inGroup }
  }

  async #upload(warn: (why: string) => void): Promise<Partial<TranscriptPlaces>> {
    const { request, services } = this.#options
    const { s3BucketName: s3Bucket, s3KeyPrefix } = request.logging
    if (s3Bucket === '') return {}
    const s3UrlSuffix = [...s3KeyPrefix.split('/').filter(Boolean), `${request.sessionId}.log`].join('/')
    try {
      await services.buckets.put(s3Bucket, s3UrlSuffix, this.#written > 0 ? { path: this.#path } : Buffer.alloc(0))
    } catch (error) {
      warn(`the bucket did not take the transcript: ${sentenceOf(error)}`)
    }
    return { s3Bucket, s3UrlSuffix }
  }

  async #follow(warn: (why: string) => void): Promise<Partial<TranscriptPlaces>> {
    if (!this.#follower) return {}
    const trouble = await this.#follower.finish()
    if (trouble) warn(`the log group did not take the transcript: ${trouble}`)
    const { sessionId, logging } = this.#options.request
    return { cwlGroup: logging.cloudWatchLogGroupName, cwlStream: sessionId }
  }
}

async function checkBucket({ request, services }: TranscriptOptions): Promise<void> {
  const { s3BucketName, s3EncryptionEnabled } = request.logging
  if (!s3EncryptionEnabled) return
  const isEncrypted = await services.buckets.isEncrypted(s3BucketName).catch((error: unknown) => {
    const why = `unable to validate encryption on Amazon S3 bucket. Error: ${sentenceOf(error)}`
    throw new SessionError(`We couldn't start the session because we are ${why}`)
  })
  if (isEncrypted) return
  const why = `encryption is not set up on the selected Amazon S3 bucket. Either encrypt the bucket ${advice}`
  throw new SessionError(`We couldn't start the session because ${why}`)
}

/** The log group if there is one; a group that does not exist is passed over, as Amazon's agent does. */
async function usableGroup({ request, services }: TranscriptOptions): Promise<string> {
  const { cloudWatchLogGroupName: name, cloudWatchEncryptionEnabled } = request.logging
  if (name === '') return ''
  const { exists, isEncrypted } = await services.logGroups.find(name).catch((error: unknown) => {
    const why = `unable to validate encryption on the CloudWatch Logs log group. Error: ${sentenceOf(error)}`
    if (cloudWatchEncryptionEnabled) throw new SessionError(`We couldn't start the session because we are ${why}`)
    return { exists: true, isEncrypted: false }
  })
  if (!exists) return ''
  if (isEncrypted || !cloudWatchEncryptionEnabled) return name
  const why = `encryption is not set up on the selected CloudWatch Logs log group. Either encrypt the log group ${advice}`
  throw new SessionError(`We couldn't start the session because ${why}`)
}

async function followerOf(options: TranscriptOptions, group: string, path: string): Promise<LogFollower> {
  const { LogFollower } = await import('#outputs/log-follower.ts')
  const { request, services } = options
  const streams = request.logging.cloudWatchStreamingEnabled && request.sessionType === 'Standard_Stream'
  const where = { logGroups: services.logGroups, group, stream: request.sessionId, path }
  if (streams)
    return new LogFollower({ ...where, eventBytes: streamedEventBytes, format: (text) => event(options, text) })
  const follower = new LogFollower(where)
  await follower.stop()
  return follower
}

/** A streamed event, as Amazon's agent words it. */
function event({ request, nodeId, region, runAsUser }: TranscriptOptions, text: string): string {
  return JSON.stringify({
    eventVersion: '1.0',
    eventTime: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    awsRegion: region,
    target: { id: nodeId },
    userIdentity: { arn: request.owner },
    runAsUser,
    sessionId: request.sessionId,
    sessionData: linesOf(text),
  })
}

/** Text as it stood on the screen, without what moves the cursor, colours and titles. */
function linesOf(text: string): string[] {
  const shown = new ShownText()
  return [...shown.add(text, 0), ...shown.end()].map((line) => line.text)
}
