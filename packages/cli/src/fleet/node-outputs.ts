/**
 * The output of a command as it arrives, in pieces of bytes: cut into whole lines for showing, and kept for the comparison at the
 * end. What is kept of each node is bounded, but all of it is compared. A node's steps write two streams each; how these mix
 * is chance, so each source has lines and a digest of its own.
 */
import { createHash, type Hash } from 'node:crypto'
import { StringDecoder } from 'node:string_decoder'

export type StreamName = 'stdout' | 'stderr'

/** Output of one step of a node's command. */
export interface Piece {
  readonly nodeId: string
  readonly step: string
  readonly stream: StreamName
  readonly data: Uint8Array
}

export interface Line {
  readonly nodeId: string
  readonly stream: StreamName
  readonly text: string
}

export interface OutputText {
  /** The beginning of the output, standard output and error as they came. */
  readonly text: string
  /** Characters that came and were not kept. */
  readonly missing: number
  /** Equal for equal outputs, whatever is kept of them. */
  readonly digest: string
}

/** Kept of each node, and of all together, in characters. */
const KEPT = 64 * 1024
const KEPT_OF_ALL = 64 * 1024 * 1024

interface Source {
  readonly stream: StreamName
  readonly decoder: StringDecoder
  readonly digest: Hash
  /** The line that has no end yet. */
  line: string
}

interface NodeOutput {
  kept: string
  length: number
  readonly sources: Map<string, Source>
}

export class NodeOutputs {
  readonly #nodes = new Map<string, NodeOutput>()
  #room = KEPT_OF_ALL

  /** Takes a piece and answers the lines that it completes. */
  add({ nodeId, step, stream, data }: Piece): Line[] {
    const node = this.#node(nodeId)
    const source = sourceOf(node, step, stream)
    source.digest.update(data)
    const text = source.decoder.write(Buffer.from(data))
    node.length += text.length
    this.#keep(node, text)
    const lines = `${source.line}${text}`.split('\n')
    source.line = lines.pop()!
    return lines.map((line) => ({ nodeId, stream, text: withoutReturn(line) }))
  }

  /** The last lines, of outputs that do not end with a line break. */
  end(): Line[] {
    return [...this.#nodes].flatMap(([nodeId, { sources }]) =>
      [...sources.values()].flatMap((source) => {
        const text = withoutReturn(source.line + source.decoder.end())
        source.line = ''
        return text === '' ? [] : [{ nodeId, stream: source.stream, text }]
      }),
    )
  }

  has(nodeId: string): boolean {
    return this.#nodes.has(nodeId)
  }

  of(nodeId: string): OutputText {
    const { kept, length, sources } = this.#node(nodeId)
    const digest = [...sources]
      .map(([name, source]) => `${name} ${source.digest.copy().digest('hex')}`)
      .sort()
      .join('\n')
    return { text: kept, missing: length - kept.length, digest }
  }

  #keep(node: NodeOutput, text: string): void {
    const kept = text.slice(0, Math.min(KEPT - node.kept.length, this.#room))
    node.kept += kept
    this.#room -= kept.length
  }

  #node(nodeId: string): NodeOutput {
    let node = this.#nodes.get(nodeId)
    if (!node) {
      node = { kept: '', length: 0, sources: new Map() }
      this.#nodes.set(nodeId, node)
    }
    return node
  }
}

function sourceOf({ sources }: NodeOutput, step: string, stream: StreamName): Source {
  const name = `${step}/${stream}`
  let source = sources.get(name)
  if (!source) {
    source = { stream, decoder: new StringDecoder('utf8'), digest: createHash('sha256'), line: '' }
    sources.set(name, source)
  }
  return source
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text
}
