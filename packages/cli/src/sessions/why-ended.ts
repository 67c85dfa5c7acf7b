import type { SessionEnd } from '@steward/session-client'

/** A sentence on how a session ended, without the rules that agents draw around errors. */
export function whyEnded({ how, output }: SessionEnd): string {
  const said = output.replaceAll(/-{5,}ERROR-{5,}/g, '').trim()
  if (how === 'unreachable') return `The connection could not be made, or not be made again${said ? `: ${said}` : ''}.`
  if (how === 'timed-out') return 'The session is over: it was ended while the connection was lost.'
  return said || 'The session was ended.'
}
