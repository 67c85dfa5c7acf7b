import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { outputServices } from '#outputs/output-services.ts'
import { ServerClock } from '#server/server-clock.ts'

type Answer = { status: number; body?: string; headers?: { [name: string]: string } }

/** A bucket and a log group at one address, and a folder. */
export class Destination {
  readonly objects = new Map<string, string>()
  readonly objectHeaders: IncomingMessage['headers'][] = []
  readonly calls: { operation: string; input: { [member: string]: unknown } }[] = []
  /** What is answered to the next requests that begin with this text, instead. */
  readonly answers = new Map<string, Answer[]>()
  readonly folder: string
  readonly #server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { status, body, headers } = this.#answer(request, Buffer.concat(chunks).toString())
    response.writeHead(status, headers).end(body)
  })

  private constructor(folder: string) {
    this.folder = folder
  }

  static async start(): Promise<Destination> {
    const destination = new Destination(await mkdtemp(join(tmpdir(), 'outputs-')))
    await new Promise<void>((resolve) => destination.#server.listen(0, '127.0.0.1', resolve))
    return destination
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
    await rm(this.folder, { recursive: true })
  }

  services() {
    const url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    const credentials = async () => ({ accessKeyId: 'AKIA', secretAccessKey: 'secret', sessionToken: 'token' })
    return outputServices({ url, region: 'us-east-1', ca: undefined, clock: new ServerClock() }, credentials, {})
  }

  async files(stdout: string, stderr = '') {
    const files = { stdout: join(this.folder, 'stdout'), stderr: join(this.folder, 'stderr') }
    await writeFile(files.stdout, stdout)
    await writeFile(files.stderr, stderr)
    return files
  }

  messages(stream: string): unknown[] {
    return this.calls
      .filter(({ operation, input }) => operation === 'PutLogEvents' && input.logStreamName === stream)
      .flatMap(({ input }) => (input.logEvents as { message: string }[]).map(({ message }) => message))
  }

  #answer({ method, url = '', headers }: IncomingMessage, body: string): Answer {
    const target = headers['x-amz-target']
    const operation = typeof target === 'string' ? target.split('.')[1]! : ''
    assert.match(headers.authorization ?? '', operation ? /\/us-east-1\/logs\// : /\/s3\//)
    const instead = this.answers.get(operation || `${method} ${url}`)?.shift()
    if (instead) return instead
    if (operation) {
      this.calls.push({ operation, input: JSON.parse(body) })
      return { status: 200, body: '{}' }
    }
    this.objects.set(decodeURIComponent(url), body)
    this.objectHeaders.push(headers)
    return { status: 200 }
  }
}
