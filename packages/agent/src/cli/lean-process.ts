/*
 * An agent waits nearly always, so what counts is the memory that it holds meanwhile. What makes that less can only be said when Node
 * is started, by a flag and by a variable of the environment, and only the program itself knows that it is an agent, however it is
 * started and whatever version of it another one has fetched. So the process that is to run it begins once more, as what it should have been.
 *
 *   --jitless           Nothing is compiled to machine code. The compilers alone are 3 MB of an agent that has just started, and 12 MB with
 *                       what they made once it has worked. They would gain it nothing: it waits for the network, the disk and scripts.
 *                       Sessions and inventories, which do compute, have processes of their own, with neither setting.
 *   MALLOC_ARENA_MAX=1  The C library (glibc) keeps what is free in one place, not in one for each thread: 1.5 MB.
 */

import { accessSync, constants } from 'node:fs'
import { isAbsolute } from 'node:path'
import { ownProgram } from '#own-program.ts'

const flag = '--jitless'
/** What the variable was before, for the environment that scripts are to have; empty for nothing. */
const formerValue = 'STEWARD_FORMER_MALLOC_ARENA_MAX'

/** Comes back in a process that has both settings, or where there is no way to them (a Node before 22.15, Bun, a checkout). */
export function becomeLean(): void {
  const former = process.env[formerValue]
  if (former === undefined) {
    beginAgain()
    return
  }
  delete process.env[formerValue]
  if (former) process.env.MALLOC_ARENA_MAX = former
  else delete process.env.MALLOC_ARENA_MAX
}

function beginAgain(): void {
  // Who waits on a channel for this process would lose it: of all that is open only input and output stay. It is on trial, for a moment.
  if (process.execve === undefined || process.send !== undefined) return
  // What takes the types out of a checkout's files is WebAssembly, of which the flag allows none.
  if (ownProgram().endsWith('.ts')) return
  if (process.versions.bun !== undefined || !process.allowedNodeEnvironmentFlags.has(flag)) return
  if (!knowsItsRuntime()) return
  const flags = process.execArgv.includes(flag) ? process.execArgv : [flag, ...process.execArgv]
  const environment = { ...process.env, MALLOC_ARENA_MAX: '1', [formerValue]: process.env.MALLOC_ARENA_MAX ?? '' }
  try {
    process.execve(process.execPath, [process.execPath, ...flags, ...process.argv.slice(1)], environment)
  } catch {
    // As it is, it does all that an agent does.
  }
}

/** Where there is no /proc, Node does not know its own file; and Node 22 ends at once if that which it is to become is not there. */
function knowsItsRuntime(): boolean {
  try {
    accessSync(process.execPath, constants.X_OK)
    return isAbsolute(process.execPath)
  } catch {
    return false
  }
}
