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
  }
}

/** The directory that is used when none is named. */
export function defaultStateRoot(): string {
  return process.getuid?.() === 0 ? '/var/lib/steward-agent' : join(homedir(), '.local/state/steward-agent')
}

export async function createStateDirectory(state: StateDirectory): Promise<void> {
  for (const path of [state.root, state.journal, state.finished, state.corrupt, state.orchestration]) {
    await makePrivateDirectory(path)
  }
}
