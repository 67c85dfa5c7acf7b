/** Output was not taken. `code` is the service's word for it, or `Unreachable`; the message is a sentence for people. */
export class OutputError extends Error {
  override readonly name = 'OutputError'
  readonly code: string
  /** Whether it may be taken later. */
  readonly isPassing: boolean

  constructor(code: string, message: string, isPassing: boolean) {
    super(message)
    this.code = code
    this.isPassing = isPassing
  }
}

const attempts = 3

/** Tries again what may pass, twice. Throws OutputError. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      const failure = toOutputError(error)
      if (attempt === attempts || !failure.isPassing) throw failure
      await new Promise((resolve) => setTimeout(resolve, 2 ** attempt * 250 * (1 + Math.random())))
    }
  }
}

/** Whatever has no answer of the service behind it is the network's fault, and passes. */
function toOutputError(error: unknown): OutputError {
  if (error instanceof OutputError) return error
  return new OutputError('Unreachable', error instanceof Error ? error.message : String(error), true)
}
