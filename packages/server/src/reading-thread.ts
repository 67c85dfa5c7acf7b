/** What a reading thread runs. A thread has no compile cache but its own. */
import { enableCompileCache } from 'node:module'

enableCompileCache()
await import('./answer-reads.ts')
