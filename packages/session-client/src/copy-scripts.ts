/*
 * What a node runs when one file is copied, either way. What has arrived stands beside its destination as NAME.steward-part until all of
 * it is there and its checksum is right; only then does it take the name. So nobody ever sees half a file, and a copy that was cut goes
 * on where it stopped, provided that what is there is how the file begins.
 */
import { quoteForSh, remotePath, script } from '#node-script.ts'

export const PART = '.steward-part'
/** Amazon's agent waits two seconds at the end of a command for the client to have its output, so it gets little at a time. */
export const SLICE_BYTES = 4 << 20

/** To a node, in this order. A destination that is a directory takes the file in under its own name. */
export function uploadScripts(to: string, name: string) {
  const target = `t=${remotePath(to)}; if [ -d "$t" ]; then t="$t"/${quoteForSh(name)}; fi; p="$t"${PART}`
  return {
    /** Prints how many bytes are there already, and their checksum unless there are none. */
    look: script(target, 'if [ -f "$p" ]; then wc -c < "$p"; sum < "$p"; else echo 0; fi'),
    /** Reads the rest of the file, and prints the checksum of all that is there then. */
    receive: (start: number) => script(target, `cat ${start > 0 ? '>>' : '>'} "$p"`, 'sum < "$p"'),
    /** Gives the file its name. `permissions` as in `644`. */
    finish: (permissions: string | undefined) =>
      script(target, ...(permissions ? [`chmod ${permissions} "$p"`] : []), 'mv -f "$p" "$t"'),
  }
}

/** From a node. */
export function downloadScripts(from: string) {
  const source = `f=${remotePath(from)}`
  return {
    /** Prints size and permissions. */
    look: script(source, 'wc -c < "$f"', 'stat -c %a "$f" 2>/dev/null || stat -f %Lp "$f"'),
    sumOfFirst: (bytes: number) => script(source, `head -c ${bytes} "$f" | sum`),
    /** Prints the file from there on. */
    send: (start: number) => script(source, `tail -c +${start + 1} "$f"`),
    /** Prints at most `SLICE_BYTES` of it as base64, for agents that do not hand on every byte as it is. */
    slice: (start: number) => script(source, `tail -c +${start + 1} "$f" | head -c ${SLICE_BYTES} | base64`),
    sum: script(source, 'sum < "$f"'),
  }
}
