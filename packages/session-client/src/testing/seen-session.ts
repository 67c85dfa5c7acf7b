import { SessionClient, type SessionClientOptions, type SessionEnd } from '#session-client.ts'
import type { StartedSession } from '#started-session.ts'
import type { StubNode } from './stub-node.ts'

/** A started client, and all that it told. */
export type SeenSession = {
  client: SessionClient
  session: Promise<StartedSession>
  end: Promise<SessionEnd>
  output(): string
  errors(): string
  events: string[]
  /** Resolves once the output contains the text. */
  shows(text: string): Promise<void>
}

export function joinSession(node: StubNode, more: Partial<SessionClientOptions> = {}): SeenSession {
  const parts: Record<'output' | 'error', Uint8Array[]> = { output: [], error: [] }
  const events: string[] = []
  const started = Promise.withResolvers<StartedSession>()
  const ended = Promise.withResolvers<SessionEnd>()
  let wake = () => {}
  const text = (stream: 'output' | 'error') => Buffer.concat(parts[stream]).toString()
  const client = new SessionClient({
    sessionId: 's-1',
    streamUrl: node.url,
    tokenValue: 'token-0',
    targetId: 'mi-1',
    resume: async () => 'token-again',
    output: (bytes, stream) => {
      parts[stream].push(bytes.slice())
      wake()
    },
    exited: (code) => events.push(`exit ${code}`),
    message: (words) => events.push(`message ${words}`),
    flagged: (flag) => events.push(`flag ${flag}`),
    connected: () => events.push('connected'),
    lost: () => events.push('lost'),
    ended: ended.resolve,
    ...more,
    started: (session) => {
      more.started?.(session)
      started.resolve(session)
    },
  })
  client.start()
  return {
    client,
    session: started.promise,
    end: ended.promise,
    output: () => text('output'),
    errors: () => text('error'),
    events,
    async shows(wanted) {
      while (!text('output').includes(wanted)) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}
