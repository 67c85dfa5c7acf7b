import { homedir } from 'node:os'
import { join } from 'node:path'
import { makePrivateDirectory } from '#durable-file.ts'

/**
 * Where the agent keeps what must survive: its registration, and one journal and one folder for each command.
 *
 *   configuration.json     registration, private key, settings (0600)
 *   credentials            the current role token, for scripts that call the API (0600)
 *   agent.lock             who runs on this directory
 *   journal/<command>      commands that are not over yet, or whose result the server does not have yet
 *   finished/<command>     journals of the others, kept so that a repeated delivery is recognised
 *   corrupt/<command>      journals that could not be read
 *   orchestration/<command>/<step>/   scripts, stdout, stderr, exit codes
 *   orchestration/<command>/downloads/
 *   sessions/<session>/    who runs a session, its log, how it ended
 *   associations/          documents, results, and a folder for each run (see associations/runs.ts)
 *   inventory/             hashes of what the server has
 *   inventory/custom/      types of inventory that others put there, one JSON file each
 *   update.json            the last attempt to replace this agent by another version
 *   compiled               what makes sessions start sooner: code that was compiled, the terminal addon of the bundle
 */
export type StateDirectory = {
  root: string
  configuration: string
  credentials: string
  lock: string
  journal: string
  finished: string
  corrupt: string
  orchestration: string
  sessions: string
  associations: string
  inventory: string
  update: string
  compiled: string
}

export function stateDirectory(root: string): StateDirectory {
  return {
    root,
    configuration: join(root, 'configuration.json'),
    credentials: join(root, 'credentials'),
    lock: join(root, 'agent.lock'),
    journal: join(root, 'journal'),
    finished: join(root, 'finished'),
    corrupt: join(root, 'corrupt'),
    orchestration: join(root, 'orchestration'),
    sessions: join(root, 'sessions'),
    associations: join(root, 'associations'),
    inventory: join(root, 'inventory'),
    update: join(root, 'update.json'),
    compiled: join(root, 'compiled'),
  }
}

/** The directory that is used when none is named. */
export function defaultStateRoot(): string {
  return process.getuid?.() === 0 ? '/var/lib/steward-agent' : join(homedir(), '.local/state/steward-agent')
}

export async function createStateDirectory(state: StateDirectory): Promise<void> {
  const { root, journal, finished, corrupt, orchestration, sessions, associations, inventory, compiled } = state
  const own = [root, journal, finished, corrupt, orchestration, sessions, associations, inventory, compiled]
  for (const path of [...own, join(inventory, 'custom')]) await makePrivateDirectory(path)
}
