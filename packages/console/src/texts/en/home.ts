const count = (number: number) => number.toLocaleString('en')
const plural = (number: number, one: string, many: string) => `${count(number)} ${number === 1 ? one : many}`

export const title = 'Home'

export const home = {
  title,
  nodes: {
    title: 'Nodes',
    of: (total: number) => `of ${plural(total, 'node', 'nodes')} online`,
    online: 'Online',
    lost: 'Connection lost',
    inactive: 'Inactive',
    add: 'Add node',
  },
  agents: {
    title: 'Agents',
    of: (total: number) => `of ${plural(total, 'agent', 'agents')} on the newest version`,
    versions: 'Agent versions',
    newest: 'Newest version',
    older: 'Older version',
  },
  commands: {
    title: 'Commands',
    of: 'in the last 24 hours',
    success: 'Success',
    failed: 'Failed or cancelled',
    open: 'Not over yet',
    none: 'No commands in the last 24 hours.',
    run: 'Run a command',
    chart: (total: number, success: number, failed: number) =>
      `Commands by hour: ${count(total)} in all, ${count(success)} successful, ${count(failed)} not.`,
    hour: (hour: string, success: number, failed: number, open: number) =>
      `${hour}: ${count(success)} successful, ${count(failed)} failed, ${count(open)} not over yet`,
    recent: 'Latest commands',
    all: 'All commands',
    done: (done: number, all: number) => `${count(done)} of ${plural(all, 'node', 'nodes')}`,
  },
  sessions: {
    title: 'Sessions',
    of: (total: number) => (total === 1 ? 'session is going on' : 'sessions are going on'),
    all: 'All sessions',
    on: (owner: string, target: string) => `${owner} on ${target}`,
  },
  platforms: {
    title: 'Platforms',
    unknown: 'Not told yet',
    more: (number: number) => plural(number, 'other', 'others'),
    show: 'Show all',
  },
  attention: {
    title: 'Needs attention',
    none: 'Nothing needs attention.',
    noneSeen: 'Nothing of what you may see needs attention.',
    noneHint: 'Lost nodes, failed commands and activations about to expire would show here.',
    lost: (number: number, total: number) =>
      `${count(number)} of ${plural(total, 'node', 'nodes')} lost the connection`,
    lostLatest: 'Latest:',
    inactive: (number: number) => `${plural(number, 'node', 'nodes')} not heard from for 30 days`,
    never: (number: number) => `${plural(number, 'node', 'nodes')} registered but never heard from`,
    outdated: (number: number, total: number) =>
      `${count(number)} of ${plural(total, 'agent', 'agents')} run an older version`,
    failed: (number: number) => `${plural(number, 'command', 'commands')} failed in the last 24 hours`,
    machines: (number: number) => `${plural(number, 'machine waits', 'machines wait')} to be let in`,
    approval: (number: number) => `${plural(number, 'session waits', 'sessions wait')} for approval`,
    activation: (name: string, used: number, limit: number) =>
      `Activation ${name} expires soon: ${count(used)} of ${count(limit)} used`,
  },
  withheld: 'You may not see this part.',
  empty: {
    title: 'Begin with a node',
    body: 'A node is a machine with an agent. Once one is here you can run commands on it, open sessions and keep its configuration.',
  },
}
