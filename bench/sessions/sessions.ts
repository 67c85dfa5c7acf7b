import { Agents } from '../agents.ts'
import { SshHosts } from '../latency/ssh-hosts.ts'
import type { Measurement } from '../report.ts'
import { Steward } from '../steward.ts'
import { shellRows } from './shells.ts'
import { thousandSessionsRows } from './thousand-sessions.ts'
import { tunnelRows } from './tunnels.ts'

export const sessionsMeasurement: Measurement = {
  title: 'Sessions',
  async run(say) {
    await using steward = await Steward.start()
    await using hosts = await SshHosts.start(1)
    if (!hosts) throw new Error('Sessions are measured beside ssh, and there is no `sshd` here.')
    await using agents = new Agents(steward)
    await agents.growTo(1)
    const nodeId = agents.nodeIds[0]!
    say('shells, beside ssh')
    const shells = await shellRows(steward, nodeId, hosts)
    say('tunnels, beside ssh -L and scp')
    const tunnels = await tunnelRows(steward, nodeId, hosts)
    say('a thousand sessions')
    return [...shells, ...tunnels, ...(await thousandSessionsRows(steward))]
  },
}
