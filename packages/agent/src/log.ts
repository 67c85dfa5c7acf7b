/** Where the agent tells what it does. Fields never hold parameter values, output or secrets. */
export type Log = {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

export type LogFields = { [name: string]: unknown }

const levels = ['debug', 'info', 'warn', 'error'] as const

export type LogLevel = (typeof levels)[number]

/** One line a message: time, level, message, fields as JSON. Lines below `least` are dropped. */
export function lineLog(write: (line: string) => void, least: LogLevel = 'info'): Log {
  const line = (level: LogLevel) => (message: string, fields?: LogFields) => {
    if (levels.indexOf(level) < levels.indexOf(least)) return
    const told = fields ? ` ${JSON.stringify(fields)}` : ''
    write(`${new Date().toISOString()} ${level.toUpperCase()} ${message}${told}\n`)
  }
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
}

/** The sentence of an error, with its code when it has one. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code}: ` : ''
  return error.message.startsWith(code) ? error.message : `${code}${error.message}`
}
