/*
 * What the agent knows of other processes: from /proc where there is one, else from ps. Nothing here waits; a process
 * may be gone by the time the answer is used, and callers act on that.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

export type ProcessEntry = { pid: number; parent: number; group: number; session: number }

const hasProc = existsSync('/proc/self/stat')

/** A text that no other process has had since boot: its start time. Undefined when it is gone or only a zombie. */
export function processIdentity(pid: number): string | undefined {
  if (!hasProc) return ps(pid, 'lstart=')
  const stat = readStat(pid)
  return stat && stat.state !== 'Z' ? stat.startTime : undefined
}

/** The arguments a process was started with; undefined when it is gone or only a zombie. */
export function processArguments(pid: number): string | undefined {
  if (!hasProc) return ps(pid, 'command=')
  const line = readProc(pid, 'cmdline')?.replaceAll('\0', ' ').trim()
  return line || undefined
}

/** Every process of the machine that is not a zombie. */
export function listProcesses(): ProcessEntry[] {
  if (!hasProc) return listByPs()
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = readStat(Number(name))
      return stat && stat.state !== 'Z' ? [{ pid: Number(name), ...stat }] : []
    })
}

/** Whether a process was started with that variable. False where the system does not let us look. */
export function hasEnvironment(pid: number, variable: string): boolean {
  const environment = readProc(pid, 'environ')
  return environment?.split('\0').includes(variable) ?? false
}

type Stat = { state: string; parent: number; group: number; session: number; startTime: string }

// The name in parentheses may hold spaces and parentheses itself, so the fields are counted from its end.
function readStat(pid: number): Stat | undefined {
  const text = readProc(pid, 'stat')
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ')
  if (!fields || fields.length < 20) return undefined
  return {
    state: fields[0]!,
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    startTime: fields[19]!,
  }
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return undefined
  }
}

function ps(pid: number, column: string): string | undefined {
  try {
    return execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
  } catch {
    return undefined
  }
}

function listByPs(): ProcessEntry[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,pgid=,sess='], { encoding: 'utf8' })
  return table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([pid = 0, parent = 0, group = 0, session = 0]) => ({ pid, parent, group, session }))
}
