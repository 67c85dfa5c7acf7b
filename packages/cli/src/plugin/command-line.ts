import type { Env } from '#local-installation.ts'

/** What the AWS CLI asks of the plugin. */
export interface PluginCall {
  readonly sessionId: string
  readonly streamUrl: string
  readonly tokenValue: string
  readonly region: string
  /** Empty: the one of the environment. */
  readonly profile: string
  /** The node, as the caller named it. */
  readonly target: string
  /** Where to resume; undefined when an old CLI does not say. */
  readonly endpoint: string | undefined
}

/** A call, or what to print instead of making one. */
export type PluginRequest = { readonly call: PluginCall } | { readonly print: string }

const VARIABLE = 'AWS_SSM_START_SESSION_RESPONSE'

/**
 * Reads the six words that the AWS CLI hands over: the answer of StartSession (or the name of the variable that holds it), region,
 * operation, profile, the request, the endpoint. The sentences are those of Amazon's plugin, since programs read them.
 */
export function readCommandLine(words: readonly string[], env: Env): PluginRequest {
  if (words.length === 0) {
    return { print: '\nThe Session Manager plugin was installed successfully. Use the AWS CLI to start a session.\n\n' }
  }
  const [first = '', region = '', operation, profile = '', request = '{}', endpoint] = words
  if (words.length < 4) {
    return {
      print: `\nUnknown operation ${first}. \nUse session-manager-plugin --version to check the version.\n\n`,
    }
  }
  if (operation !== 'StartSession') return { print: 'Invalid Operation' }
  const started = parse(first.startsWith(VARIABLE) ? (env[first] ?? '') : first)
  const { SessionId: sessionId, StreamUrl: streamUrl, TokenValue: tokenValue } = started ?? {}
  if (!sessionId || !streamUrl || !tokenValue || !URL.canParse(streamUrl)) {
    return { print: 'Cannot perform start session: the answer of StartSession is not as it should be\n' }
  }
  const target = parse(request)?.Target ?? ''
  return { call: { sessionId, streamUrl, tokenValue, region, profile, target, endpoint: endpoint || undefined } }
}

function parse(text: string): Record<string, string | undefined> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, string>) : undefined
  } catch {
    return undefined
  }
}
