import { type Logger, pino } from 'pino'

export type { Logger }

/** Structured log on standard error: fields, not sentences. Parameter values and command output never go in. */
export function createLogger(level: string): Logger {
  return pino(
    { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  )
}

export const silentLogger: Logger = pino({ level: 'silent' })
