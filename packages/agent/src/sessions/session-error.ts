/** Why a session cannot go on, in words for who started it. */
export class SessionError extends Error {
  override readonly name = 'SessionError'
}
