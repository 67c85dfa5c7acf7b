/*
 * Runs of associations. A run is a command that reports elsewhere: it has a journal and a folder of its own and goes through the
 * same executor, so that it survives a crash or a reboot at any point just as commands do. Below the folder of associations:
 *
 *   runs/<association>/<run>/association.json    what is run
 *   runs/<association>/<run>/journal             until the server has heard of its end; then it is called `finished`
 *   runs/<association>/<run>/<step>/             scripts, stdout, stderr
 */
import { existsSync } from 'node:fs'
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { formatSendCommand, type JsonObject, jobIdOf, parseReply, topicPrefix } from '@steward/protocol'
import type { Association } from '#associations/association.ts'
import type { Reports } from '#associations/reports.ts'
import { endOf, progressOf, statusInput } from '#associations/status.ts'
import { type CommandHost, executeCommand, sendReply } from '#commands/execute-command.ts'
import { Journal } from '#commands/journal.ts'
import { objectOr, parseDocument } from '#document/document.ts'
import { makePrivateDirectory, replaceFile } from '#durable-file.ts'

/** What runs need of the agent. */
export type RunHost = Omit<CommandHost, 'outbox' | 'output' | 'settled' | 'orchestration' | 'outputFolder'>

/** One run, begun or taken up. */
export type Run = { association: Association; folder: string; journal: Journal }

export class Runs {
  readonly #root: string
  readonly #nodeId: string
  readonly #host: RunHost
  readonly #reports: Reports
  readonly #open = new Set<Journal>()

  constructor(root: string, nodeId: string, host: RunHost, reports: Reports) {
    this.#root = root
    this.#nodeId = nodeId
    this.#host = host
    this.#reports = reports
  }

  /** Writes down that an association is run now with that document. */
  async begin(association: Association, documentContent: JsonObject): Promise<Run> {
    const at = new Date(this.#host.now()).toISOString()
    const folder = join(this.#root, association.id, at.replaceAll(':', '-'))
    await makePrivateDirectory(folder)
    await replaceFile(join(folder, 'association.json'), JSON.stringify(association))
    const content = formatSendCommand({
      commandId: association.id,
      documentName: association.documentName,
      documentContent,
      parameters: typedParameters(documentContent, association.parameters),
      outputS3BucketName: association.bucket,
      outputS3KeyPrefix: association.keyPrefix,
      cloudWatchLogGroupName: '',
      cloudWatchOutputEnabled: false,
    })
    const jobId = jobIdOf(association.id, this.#nodeId)
    const record = { type: 'accepted', jobId, topic: topicPrefix.sendCommand, content, order: 0, at } as const
    const journal = await Journal.create(join(folder, 'journal'), record)
    this.#open.add(journal)
    return { association, folder, journal }
  }

  /** Runs to the end. Throws only Detached. */
  async execute(run: Run, signal: AbortSignal): Promise<void> {
    await executeCommand(basename(run.folder), run.journal, this.#hostOf(run), signal)
    await this.#retire(run)
  }

  /** Writes down that it is to stop, so that it does also under another agent. */
  async cancel({ journal }: Run): Promise<void> {
    if (journal.state.finished) return
    await journal.append({ type: 'cancelled', at: new Date(this.#host.now()).toISOString() }, 'durable')
  }

  /** Runs that an earlier agent left. What is over is reported again; the others are answered, to be executed. */
  async takeUp(): Promise<Run[]> {
    const left: Run[] = []
    for (const folder of await this.#folders()) {
      if (!existsSync(join(folder, 'journal'))) continue
      const run = await this.#reopen(folder)
      if (!run) await rm(folder, { recursive: true, force: true })
      else if (run.journal.state.finished) await this.#reportAgain(run)
      else left.push(run)
    }
    return left
  }

  /** AGT-22: removes what is left of runs that were over that long ago. */
  async removeOld(hours = 24): Promise<void> {
    for (const folder of await this.#folders()) {
      const { mtimeMs } = await stat(folder)
      if (existsSync(join(folder, 'journal')) || mtimeMs > this.#host.now() - hours * 3_600_000) continue
      await rm(folder, { recursive: true, force: true })
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#open].map((journal) => journal.close()))
  }

  async #folders(): Promise<string[]> {
    const below = async (folder: string) => (await readdir(folder).catch(() => [])).map((name) => join(folder, name))
    return (await Promise.all((await below(this.#root)).map(below))).flat().sort()
  }

  /** Undefined for one that had not begun, or whose journal is damaged: it will be due again. */
  async #reopen(folder: string): Promise<Run | undefined> {
    try {
      const association = JSON.parse(await readFile(join(folder, 'association.json'), 'utf8')) as Association
      const journal = await Journal.open(join(folder, 'journal'))
      if (!journal?.state.accepted) return undefined
      this.#open.add(journal)
      return { association, folder, journal }
    } catch {
      return undefined
    }
  }

  async #reportAgain(run: Run): Promise<void> {
    const host = this.#hostOf(run)
    for (const [replyId, record] of run.journal.state.unacknowledged)
      sendReply(basename(run.folder), run.journal, host, replyId, record)
    await this.#retire(run)
  }

  /** The executor's host for one run: what would be replies to a command become statuses of the association. */
  #hostOf(run: Run): CommandHost {
    const { association, folder, journal } = run
    const steps = stepCount(journal)
    const place = [association.keyPrefix, this.#nodeId, association.id, basename(folder)]
    const url = association.bucket === '' ? '' : [association.bucket, ...place].filter(Boolean).join('/')
    return {
      ...this.#host,
      outbox: {
        add: ({ content, acknowledged }) => {
          const { state } = journal
          const isEnd = parseReply(content).documentStatus !== 'InProgress' && state.finished !== undefined
          const status = isEnd ? endOf(association.id, state, steps) : progressOf(state, steps)
          const outputUrl = state.stepEnded.size > 0 ? url : ''
          const input = statusInput(association, this.#nodeId, status, this.#host.now(), outputUrl)
          this.#reports.add({ operation: 'UpdateInstanceAssociationStatus', input, settled: acknowledged })
        },
        drained: () => this.#reports.drained(),
      },
      output: { follow: () => {}, finish: async () => {} },
      orchestration: dirname(folder),
      environment: () => this.#host.environment(association.id),
      outputFolder: () => place.slice(1).join('/'),
      settled: () => this.#retire(run),
    }
  }

  /** Gives a run up once the server knows everything about it. */
  async #retire({ journal, folder }: Run): Promise<void> {
    const { finished, unacknowledged } = journal.state
    if (!finished || unacknowledged.size > 0 || !this.#open.delete(journal)) return
    await journal.close()
    await rename(join(folder, 'journal'), join(folder, 'finished'))
  }
}

function stepCount(journal: Journal): number {
  try {
    const content = objectOr(JSON.parse(journal.state.accepted!.content))
    return parseDocument(objectOr(content.DocumentContent)).steps.length
  } catch {
    return 0
  }
}

/** Values in the types that the document declares. A name it does not declare is of no use to it. */
export function typedParameters(document: JsonObject, given: Association['parameters']): JsonObject {
  const declared = objectOr(document.parameters)
  const known = Object.entries(given).filter(([name]) => Object.hasOwn(declared, name))
  return Object.fromEntries(known.map(([name, values]) => [name, typed(objectOr(declared[name]).type, values)]))
}

function typed(type: unknown, values: string[]): unknown {
  if (type === 'StringList') return values
  const [text] = values
  if (type === undefined || type === 'String' || text === undefined) return text
  try {
    // Maps, lists of maps, numbers and truth are written as JSON.
    return JSON.parse(text)
  } catch {
    return text
  }
}
