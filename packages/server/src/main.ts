/** Starts the control plane and, unless told otherwise, an agent that makes this machine its first managed node. */
import { enableCompileCache } from 'node:module'

enableCompileCache()
await (await import('./start.ts')).start()
