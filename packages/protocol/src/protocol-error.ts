/** A payload that is not what its message type promises. The sentence names the message and the member. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
}
