import type { SmuxStream } from '#session/smux-stream.ts'

/** What a TCP connection of Node has; nothing in this package needs Node. */
export interface ByteConnection {
  write(data: Uint8Array): boolean
  /** Ends our direction. */
  end(): unknown
  /** Ends both, once all is written. */
  destroySoon(): unknown
  pause(): unknown
  resume(): unknown
  on(event: 'data' | 'drain' | 'end' | 'error' | 'close', listener: (data: Uint8Array) => void): unknown
}

/**
 * Carries a connection over a stream until both ended; neither side gets more than it takes. With `halfClose` each direction ends by
 * itself. Without, the stream's end is the connection's: what the end of a stream means to Amazon's programs.
 */
export function joinConnection(stream: SmuxStream, connection: ByteConnection, halfClose: boolean): void {
  stream.onData = (data) => {
    if (!connection.write(data)) stream.pause()
  }
  stream.onDrain = () => connection.resume()
  stream.onEnd = () => (halfClose ? connection.end() : connection.destroySoon())
  stream.onClose = () => connection.destroySoon()
  connection.on('data', (data) => {
    if (!stream.write(data)) connection.pause()
  })
  connection.on('drain', () => stream.resume())
  connection.on('end', () => stream.end())
  connection.on('error', () => stream.close())
  connection.on('close', () => stream.close())
  stream.resume()
}
