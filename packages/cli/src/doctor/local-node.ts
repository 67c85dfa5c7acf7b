import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Api } from '#api.ts'
import type { Connection } from '#connection.ts'
import type { LocalInstallation } from '#local-installation.ts'
import { ago } from '#table.ts'
import { doubtful, type Finding, well, wrong } from './finding.ts'

/** Whether this machine's own agent is connected. Only useful while the server answers. */
export async function checkLocalNode(
  { agentState: state, localNode }: LocalInstallation,
  connection: Connection,
): Promise<Finding[]> {
  if (!localNode) return [well('This machine is not to be a node (STEWARD_LOCAL_NODE=off)')]
  const nodeId = enrolledAs(join(state, 'configuration.json'))
  if (!nodeId) return [wrong('This machine is not enrolled', 'restart the server: npm start enrols it')]
  const log = join(state, 'agent.log')
  if (!runs(join(state, 'agent.lock'))) {
    return [
      wrong(
        `The agent of this machine (${nodeId}) does not run`,
        `restart the server: npm start starts it; its log is ${log}`,
      ),
    ]
  }
  return [await checkPing(connection, nodeId, log)]
}

async function checkPing(connection: Connection, nodeId: string, log: string): Promise<Finding> {
  const Filters = [{ Key: 'InstanceIds', Values: [nodeId] }]
  const answer = await new Api(connection)
    .ssm('DescribeInstanceInformation', { Filters })
    .catch((error: Error) => error)
  if (answer instanceof Error)
    return doubtful(`Node ${nodeId} could not be looked up: ${answer.message}`, 'mend what is above first')
  const [node] = answer.InstanceInformationList ?? []
  if (!node) {
    return wrong(
      `The server does not know ${nodeId}, although this machine is enrolled`,
      `move ${log.replace(/\/agent\.log$/, '')} away and restart the server`,
    )
  }
  const ping = node.LastPingDateTime === undefined ? 'never' : ago(Date.now() - node.LastPingDateTime * 1000)
  if (node.PingStatus === 'Online') return well(`Node ${nodeId}, this machine, is Online (last ping ${ping})`)
  return wrong(`Node ${nodeId}, this machine, is ${node.PingStatus} (last ping ${ping})`, `its log is ${log}`)
}

function enrolledAs(file: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { nodeId?: string }).nodeId
  } catch {
    return undefined
  }
}

/** The lock's first word is the process that holds it. */
function runs(lock: string): boolean {
  if (!existsSync(lock)) return false
  try {
    return process.kill(Number.parseInt(readFileSync(lock, 'utf8'), 10), 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
