/** The codes with which `steward` ends; `run` adds those of the scripts it ran. */
export const EXIT = { ok: 0, failed: 1, usage: 2, timedOut: 124, cancelled: 130, unanswered: 255 } as const

/** Something a person can mend. The message is a sentence, `mend` says how. */
export class Fault extends Error {
  override readonly name: string = 'Fault'
  readonly mend: string | undefined
  readonly exitCode: number

  constructor(message: string, options: { mend?: string; exitCode?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.mend = options.mend
    this.exitCode = options.exitCode ?? EXIT.unanswered
  }
}

/** The command line is wrong. */
export class UsageFault extends Fault {
  override readonly name = 'UsageFault'

  constructor(message: string) {
    super(message, { mend: 'steward --help, or steward COMMAND --help, shows what there is.', exitCode: EXIT.usage })
  }
}

/** No answer came: nothing listens, the network is down, or TLS does not trust. Another attempt may make sense. */
export class ServerAway extends Fault {
  override readonly name = 'ServerAway'
}

/** The server answered that it will not. `code` is its AWS name. */
export class ApiFault extends Fault {
  override readonly name = 'ApiFault'
  readonly code: string
  readonly status: number
  readonly requestId: string | undefined

  constructor(operation: string, answer: { code: string; message: string; status: number; requestId?: string }) {
    const { code, message, status, requestId } = answer
    super(
      `${operation} was refused: ${code}${message ? `: ${message}` : ''}${requestId ? ` (request ${requestId})` : ''}`,
      {
        mend: mendOf(code, status),
      },
    )
    this.code = code
    this.status = status
    this.requestId = requestId
  }
}

/** As services of AWS JSON and of the Query protocol call them. */
const WRONG_CREDENTIALS = [
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
]

function mendOf(code: string, status: number): string | undefined {
  if (WRONG_CREDENTIALS.includes(code)) {
    return 'The credentials are not those of this server: eval "$(npx steward env)" sets the right ones, npx steward doctor looks closer.'
  }
  return status >= 500 && status !== 501 ? "The server's log has the request id and the cause." : undefined
}
