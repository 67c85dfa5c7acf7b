/** What a session needs of a WebSocket: the browser's has it, and so has that of `ws`. */
export interface SessionSocket {
  binaryType: string
  readonly bufferedAmount: number
  send(data: string | Uint8Array<ArrayBuffer>): void
  close(): void
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
}

/** Opens a WebSocket; by default the global one does. */
export type OpenSocket = (url: string) => SessionSocket
