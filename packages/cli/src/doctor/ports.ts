import { createServer } from 'node:net'
import type { Address } from '#local-installation.ts'
import { type Finding, wrong } from './finding.ts'

/** For a server that does not answer: what would keep it from listening at `address`. Nothing is found when it could. */
export function checkPort(variable: string, { host, port }: Address): Promise<Finding[]> {
  const where = `${host}:${port}`
  const found: Record<string, Finding> = {
    EADDRINUSE: wrong(`Another program listens at ${where}`, `stop it, or choose another port with ${variable}`),
    EACCES: wrong(`This user may not listen at ${where}`, `choose a port above 1023 with ${variable}`),
    EADDRNOTAVAIL: wrong(`${host} is no address of this machine`, `correct ${variable}`),
  }
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', ({ code = '', message }: NodeJS.ErrnoException) =>
      resolve([found[code] ?? wrong(`The server could not listen at ${where}: ${message}`, `correct ${variable}`)]),
    )
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve([])))
  })
}
