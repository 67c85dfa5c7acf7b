/** Follows what a command says on one node: what there is already, then each piece as it comes, until the node is done. */
import { useEffect, useState } from 'react'
import { type Failure, failureOf, isAway } from '#api/failure.ts'
import { steward } from '#api/steward.ts'

/** Characters of one stream that a page shows. */
export const SHOWN_LIMIT = 1_000_000
const WAIT_SECONDS = 20
const RETRY_MS = 2_000

export interface Followed {
  /** By step and stream, as `step stdout`. */
  readonly texts: Readonly<Record<string, string>>
  /** Streams of which there is more than is shown. */
  readonly cut: ReadonlySet<string>
  /** Nothing more will come. */
  readonly complete: boolean
  readonly error?: Failure
}

const NOTHING: Followed = { texts: {}, cut: new Set(), complete: false }

export function streamKey(step: string, stream: 'stdout' | 'stderr'): string {
  return `${step} ${stream}`
}

export function useFollowedOutput(commandId: string, nodeId: string): Followed {
  const [followed, setFollowed] = useState<Followed>(NOTHING)
  useEffect(() => {
    const over = new AbortController()
    setFollowed(NOTHING)
    void follow(commandId, nodeId, over.signal, setFollowed)
    return () => over.abort()
  }, [commandId, nodeId])
  return followed
}

async function follow(
  CommandId: string,
  InstanceId: string,
  signal: AbortSignal,
  show: (followed: Followed) => void,
): Promise<void> {
  const collected = new CollectedOutput()
  let NextToken: string | undefined
  while (!signal.aborted) {
    try {
      const input = { CommandId, InstanceId, NextToken, WaitSeconds: WAIT_SECONDS }
      const answer = await steward('GetCommandOutput', input, signal)
      for (const { PluginName = '', StreamName = 'stdout', Data = '' } of answer.Chunks ?? [])
        collected.add(streamKey(PluginName, StreamName), Data)
      NextToken = answer.NextToken
      const complete = answer.Complete === true
      if (!signal.aborted) show({ ...collected.shown(), complete })
      if (complete) return
    } catch (error) {
      if (signal.aborted) return
      if (!isAway(error)) return show({ ...collected.shown(), complete: true, error: failureOf(error) })
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
}

/** Pieces put together; a character may be cut between two of them. */
class CollectedOutput {
  readonly #texts = new Map<string, string>()
  readonly #decoders = new Map<string, TextDecoder>()
  readonly #cut = new Set<string>()

  add(key: string, base64: string): void {
    const decoder = this.#decoders.get(key) ?? new TextDecoder()
    this.#decoders.set(key, decoder)
    const text = (this.#texts.get(key) ?? '') + decoder.decode(bytesOf(base64), { stream: true })
    if (text.length > SHOWN_LIMIT) this.#cut.add(key)
    this.#texts.set(key, text.slice(0, SHOWN_LIMIT))
  }

  shown(): Pick<Followed, 'texts' | 'cut'> {
    return { texts: Object.fromEntries(this.#texts), cut: new Set(this.#cut) }
  }
}

/** The whole of a stream's bytes, however long. */
export async function wholeOutput(
  CommandId: string,
  InstanceId: string,
  PluginName: string,
  StreamName: 'stdout' | 'stderr',
): Promise<Uint8Array<ArrayBuffer>[]> {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let NextToken: string | undefined
  do {
    const answer = await steward('GetCommandOutput', { CommandId, InstanceId, PluginName, StreamName, NextToken })
    const { Chunks = [] } = answer
    pieces.push(...Chunks.map(({ Data = '' }) => bytesOf(Data)))
    NextToken = Chunks.length > 0 ? answer.NextToken : undefined
  } while (NextToken)
  return pieces
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
