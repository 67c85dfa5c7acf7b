import { styleText } from 'node:util'

/** A standard stream as far as commands use it. */
export interface Output {
  write(text: string | Uint8Array): unknown
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  /** Terminals tell of changes of their size, pipes that they have room again. */
  on?(event: 'resize' | 'drain', listener: () => void): unknown
  off?(event: 'resize' | 'drain', listener: () => void): unknown
  once?(event: 'drain', listener: () => void): unknown
}

export interface Input extends NodeJS.ReadableStream {
  readonly isTTY?: boolean
  /** Of a terminal: every key is data, Ctrl-C too. */
  setRawMode?(raw: boolean): unknown
}

/** What a command sees of the process that runs it, so that tests can stand in for it. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdout: Output
  readonly stderr: Output
  readonly stdin: Input
  /** Calls `handler` at each Ctrl-C until the returned function is called. */
  onInterrupt(handler: () => void): () => void
  /** Calls `handler`, instead of ending at once, when the process is asked to end or its terminal is gone. */
  onTermination(handler: () => void): () => void
}

/** Writes; resolves once there is room for more, so that a slow reader at the other end of a pipe costs no memory. */
export async function writeInTurn(output: Output, data: string | Uint8Array): Promise<void> {
  if (output.write(data) !== false || !output.once) return
  await new Promise<void>((resolve) => output.once?.('drain', resolve))
}

export type Style = Parameters<typeof styleText>[0]

/** `text` in a style, where the stream is a terminal that shows styles. */
export function paint({ env }: Pick<Io, 'env'>, stream: Output, style: Style, text: string): string {
  const coloured = env.FORCE_COLOR
    ? env.FORCE_COLOR !== '0'
    : stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
  return coloured ? styleText(style, text, { validateStream: false }) : text
}
