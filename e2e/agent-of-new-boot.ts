/** The agent on a machine that is restarted whenever this program is: no test restarts the machine it runs on. */
import { randomUUID } from 'node:crypto'
import { lineLog, startAgent } from '@steward/agent'

const [state] = process.argv.slice(2)
const log = lineLog((line) => process.stderr.write(line), 'info')
await startAgent({ stateDirectory: state!, log, bootId: randomUUID() })
