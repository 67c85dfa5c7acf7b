/*
 * RC-04: the output of a command's steps on its way to the bucket and the log group that the command names, under the keys and
 * stream names of Amazon's agent. What is not taken does not fail the step; the command says so at its end.
 */
import { open, stat } from 'node:fs/promises'
import { type OutputStream, outputStreams, type SendCommandContent } from '@steward/protocol'
import type { DocumentStep } from '#document/document.ts'
import { objectOr } from '#document/document.ts'
import { sentenceOf } from '#log.ts'
import type { ObjectSource } from '#outputs/buckets.ts'
import { LogFollower } from '#outputs/log-follower.ts'
import type { OutputServices } from '#outputs/output-services.ts'

/** Where a reply says that a step's output is. */
export type OutputPlace = { outputS3BucketName: string; outputS3KeyPrefix: string; stepName: string }

export const noPlace: OutputPlace = { outputS3BucketName: '', outputS3KeyPrefix: '', stepName: '' }

type Streams = { [stream in OutputStream]: string }

export class CommandOutputs {
  readonly #order: SendCommandContent
  readonly #folder: string
  readonly #services: OutputServices
  readonly #followers = new Map<string, { [stream in OutputStream]: LogFollower }>()
  #group: Promise<string> | undefined
  readonly troubles: string[] = []

  /** `folder`: what tells the output of this command on this node from others. */
  constructor(order: SendCommandContent, folder: string, services: OutputServices) {
    this.#order = order
    this.#folder = folder
    this.#services = services
  }

  /** Begins to send a step's output to its log streams. */
  async follow(step: DocumentStep, files: Streams): Promise<void> {
    if (!this.#order.cloudWatchOutputEnabled || this.#followers.has(step.name)) return
    const group = await this.#createGroup()
    const follower = (stream: OutputStream) =>
      new LogFollower({
        logGroups: this.#services.logGroups,
        group,
        stream: `${this.#folder}/${step.name.replace(/[:*]/g, '-')}/${stream}`,
        path: files[stream],
        progressPath: `${files[stream]}.logged`,
      })
    this.#followers.set(step.name, { stdout: follower('stdout'), stderr: follower('stderr') })
  }

  /** Delivers what a step wrote to the end. `texts`: its output as a reply has it, which may end with words of ours. */
  async deliver(step: DocumentStep, files: Streams, texts: { [stream in OutputStream]: Buffer }): Promise<OutputPlace> {
    const place = this.placeOf(step)
    await Promise.all(
      outputStreams.map(async (stream) => {
        const words = await wordsBehind(files[stream], texts[stream])
        const follower = this.#followers.get(step.name)?.[stream]
        await Promise.all([
          this.#upload(place, stream, words.length > 0 ? texts[stream] : { path: files[stream] }),
          follower?.finish(words.toString()).then((trouble) => this.#note(trouble, 'log group', stream)),
        ])
      }),
    )
    this.#followers.delete(step.name)
    return place
  }

  stop(): void {
    for (const { stdout, stderr } of this.#followers.values()) {
      void stdout.stop()
      void stderr.stop()
    }
  }

  placeOf(step: DocumentStep): OutputPlace {
    const { outputS3BucketName, outputS3KeyPrefix } = this.#order
    if (outputS3BucketName === '') return noPlace
    const folder = [outputS3KeyPrefix, this.#folder, withoutColons(step.plugin)].join('/')
    return {
      outputS3BucketName,
      outputS3KeyPrefix: folder.split('/').filter(Boolean).join('/'),
      stepName: withoutColons(partOf(step)),
    }
  }

  /** Empty streams leave no object. */
  async #upload(place: OutputPlace, stream: OutputStream, source: ObjectSource): Promise<void> {
    const { outputS3BucketName: bucket, outputS3KeyPrefix, stepName } = place
    if (bucket === '' || (await sizeOf(source)) === 0) return
    const key = [outputS3KeyPrefix, stepName, stream].filter(Boolean).join('/')
    await this.#services.buckets
      .put(bucket, key, source)
      .catch((error) => this.#note(sentenceOf(error), 'bucket', stream))
  }

  #createGroup(): Promise<string> {
    const { cloudWatchLogGroupName, documentName } = this.#order
    const name = cloudWatchLogGroupName || `/aws/ssm/${documentName.replace(/[^\w\-/.#]/g, '.')}`
    // Who may not make groups may still write into one that is there; the stream will tell.
    this.#group ??= this.#services.logGroups.create(name).then(
      () => name,
      () => name,
    )
    return this.#group
  }

  #note(trouble: string | undefined, where: string, stream: OutputStream): void {
    if (trouble !== undefined) this.troubles.push(`The ${where} did not take ${stream}: ${trouble}`)
  }
}

/** Schema 1.x tells the parts of a plugin's work apart by their ids, of which Amazon's agent shows the last. */
function partOf({ name, plugin, inputs }: DocumentStep): string {
  if (name !== plugin) return name
  const last = Array.isArray(inputs) ? inputs.at(-1) : inputs
  return String(objectOr(last).id ?? '')
}

function withoutColons(text: string): string {
  return text.replaceAll(':', '')
}

async function sizeOf(source: ObjectSource): Promise<number> {
  if (!('path' in source)) return source.length
  return (await stat(source.path).catch(() => undefined))?.size ?? 0
}

/** What a text has behind all that the file has; nothing if the file has more. */
async function wordsBehind(path: string, text: Buffer): Promise<Buffer> {
  const file = await open(path, 'r').catch(() => undefined)
  if (!file) return text
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(text.length + 1), 0, text.length + 1, 0)
    const head = buffer.subarray(0, bytesRead)
    return text.subarray(0, bytesRead).equals(head) ? text.subarray(bytesRead) : Buffer.alloc(0)
  } finally {
    await file.close()
  }
}
