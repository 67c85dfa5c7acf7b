import { loadPtyAddon } from '#sessions/pty/addon.ts'
import { openAddonPty } from '#sessions/pty/addon-pty.ts'
import type { Pty, PtyProgram } from '#sessions/pty/pty.ts'

/** Opens a terminal in the best way this machine has; `directory` is where the bundle's addon may be written. */
export async function openPty(program: PtyProgram, directory: string): Promise<Pty> {
  const native = loadPtyAddon(directory)
  if (native) return openAddonPty(native, program)
  const { openScriptPty } = await import('#sessions/pty/script-pty.ts')
  return openScriptPty(program)
}
