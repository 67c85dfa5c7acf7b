/*
 * Ends everything a script or a session started. A script can leave its process group, its session and even its parent (setsid,
 * double fork), so members are found four ways: by group, by session, by ancestry, and by a variable that only this
 * script's environment holds. A member may fork while we look; therefore look and kill until nobody is found.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { hasEnvironment, listProcesses } from '#scripts/processes.ts'

/**
 * A script's processes: `leader` leads their group and session, `marker` is `NAME=value` in their environment. Without a
 * marker, those that left the session, and their parent, do not count.
 */
export type ProcessTree = { leader: number; marker: string | undefined }

/** Asks the process group to end. */
export function terminatePolitely(tree: ProcessTree): void {
  signal(-tree.leader, 'SIGTERM')
}

/** Kills every member; returns when none is left, or after about two seconds when one cannot be killed. */
export async function killTree(tree: ProcessTree): Promise<void> {
  for (let round = 0; round < 40; round += 1) {
    // The group goes first and at once, so that most members cannot fork any more while we read the table.
    signal(-tree.leader, 'SIGKILL')
    const members = membersOf(tree)
    if (members.length === 0) return
    for (const pid of members) signal(pid, 'SIGKILL')
    await sleep(round < 5 ? 5 : 60)
  }
}

/** The living processes of a script. */
export function membersOf(tree: ProcessTree): number[] {
  const all = listProcesses()
  const members = new Set<number>()
  for (const entry of all) {
    if (entry.pid === process.pid) continue
    const inGroup = entry.group === tree.leader || entry.session === tree.leader || entry.pid === tree.leader
    const isMarked = tree.marker !== undefined && hasEnvironment(entry.pid, tree.marker)
    if (inGroup || isMarked) members.add(entry.pid)
  }
  for (let grew = true; grew; ) {
    const before = members.size
    for (const entry of all) if (members.has(entry.parent)) members.add(entry.pid)
    grew = members.size > before
  }
  return [...members]
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // Gone already, or not ours to kill.
  }
}
