/**
 * A session with a terminal that this page takes part in. It goes on while the person looks at other pages of the console, survives lost
 * connections, and can be left to the same page when that is loaded again.
 */
import { type InputPosition, SessionClient, type SessionEnd } from '@steward/session-client'
import { createStore } from '#api/store.ts'
import { plainOutput } from '#components/plain-output.ts'
import { terminalTexts as texts } from '#texts/terminal.ts'
import { Screen } from '../terminal/screen.ts'
import { terminalSettings } from '../terminal/settings.ts'
import { beep } from './beep.ts'
import { dataKey, type Grant, newToken, TokenRefused } from './grant.ts'

/** `starting`: the node has not answered yet. `lost`: the connection is looked for. */
export type ShellStatus = 'starting' | 'open' | 'lost' | 'ended'

export interface ShellState {
  readonly status: ShellStatus
  readonly since: Date
  /** What the program calls itself, harmless. */
  readonly title: string
  /** The bell rang while nobody looked. */
  readonly rang: boolean
  readonly encrypted: boolean
  /** How it ended, as a sentence. */
  readonly end: string
}

export interface ShellIdentity {
  readonly sessionId: string
  readonly nodeId: string
  readonly nodeName: string
  readonly documentName: string | undefined
  readonly reason: string | undefined
}

const FULL_BYTES = 1 << 20
const LOW_BYTES = 1 << 18
const TITLE_LENGTH = 60

export class Shell {
  readonly identity: ShellIdentity
  readonly screen = new Screen()
  readonly state = createStore<ShellState>({
    status: 'starting',
    since: new Date(),
    title: '',
    rang: false,
    encrypted: false,
    end: '',
  })
  readonly #client: SessionClient
  readonly #typed: () => void
  #unwritten = 0
  #refusal = ''
  #visible = false

  /** `typed` is called after each input. `rejoin` goes on where this page was before it was loaded again. */
  constructor(identity: ShellIdentity, grant: Grant, typed: () => void, rejoin?: InputPosition) {
    this.identity = identity
    this.#typed = typed
    this.#client = new SessionClient({
      ...grant,
      sessionId: identity.sessionId,
      targetId: identity.nodeId,
      rejoin,
      resume: () => this.#resume(),
      generateDataKey: dataKey,
      started: ({ encrypted }) => this.#change({ status: 'open', encrypted }),
      output: (bytes) => this.#show(bytes),
      message: (text) => this.#show(encoder.encode(`${plainOutput(text).replaceAll('\n', '\r\n')}\r\n`)),
      connected: () => this.state.get().status === 'lost' && this.#change({ status: 'open' }),
      lost: () => this.#change({ status: 'lost' }),
      ended: (end) => this.#change({ status: 'ended', end: this.#refusal || whyEnded(end) }),
    })
    this.screen.terminal.onTitleChange((title) => this.#change({ title: label(title) }))
  }

  /** From here on the node hears what the terminal says; before, it only draws. */
  start(): void {
    const { terminal } = this.screen
    terminal.onData((text) => this.#type(encoder.encode(text)))
    terminal.onBinary((text) => this.#type(Uint8Array.from(text, (character) => character.charCodeAt(0))))
    terminal.onResize((size) => this.#client.resize(size))
    terminal.onBell(() => this.#ring())
    this.#client.resize({ cols: terminal.cols, rows: terminal.rows })
    this.#client.start()
  }

  /** What a later client needs to go on. */
  get position(): InputPosition {
    return this.#client.position
  }

  get isOver(): boolean {
    return this.state.get().status === 'ended'
  }

  /** As if it were typed; programs that want to know are told that it was pasted. */
  paste(text: string): void {
    this.screen.terminal.paste(text)
  }

  /** Whether the person sees it. */
  set visible(visible: boolean) {
    this.#visible = visible
    if (visible && this.state.get().rang) this.#change({ rang: false })
  }

  /** Leaves it: the session goes on until its idle time is over. */
  leave(): void {
    this.#client.close()
  }

  dispose(): void {
    this.leave()
    this.screen.dispose()
  }

  async #resume(): Promise<string | undefined> {
    try {
      return await newToken(this.identity.sessionId)
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error
      this.#refusal = error.message
      return undefined
    }
  }

  #type(bytes: Uint8Array): void {
    this.#client.input(bytes)
    this.#typed()
  }

  /** Takes no more from the node than the terminal can draw. */
  #show(bytes: Uint8Array): void {
    this.#unwritten += bytes.length
    if (this.#unwritten > FULL_BYTES) this.#client.pause()
    this.screen.terminal.write(bytes, () => {
      this.#unwritten -= bytes.length
      if (this.#unwritten < LOW_BYTES) this.#client.resume()
    })
  }

  #ring(): void {
    if (terminalSettings.get().sound) beep()
    if (!this.#visible || document.hidden) this.#change({ rang: true })
  }

  #change(change: Partial<ShellState>): void {
    const last = this.state.get()
    const since = change.status && change.status !== last.status ? new Date() : last.since
    this.state.set({ ...last, ...change, since })
  }
}

const encoder = new TextEncoder()

/** A title is chosen by what runs on the node: shown as the label of its tab, and nowhere else. */
function label(title: string): string {
  return plainOutput(title).replaceAll(/\s+/g, ' ').trim().slice(0, TITLE_LENGTH)
}

function whyEnded({ how, output }: SessionEnd): string {
  const said = plainOutput(output)
    .replaceAll(/-{5,}ERROR-{5,}/g, '')
    .trim()
  if (how === 'unreachable') return texts.unreachable
  if (how === 'timed-out') return texts.timedOut
  return said || texts.ended
}
