/*
 * How much of a step's output a reply carries, to the byte as Amazon's agent cuts it. Cuts may fall inside a character;
 * what is left of it becomes U+FFFD, as it does there. The full output travels beside the replies (output-sender.ts).
 */

const streamLimit = 24_000
const outputLimit = 2_500

const streamSuffix = Buffer.from('--output truncated--')
const errorTitle = Buffer.from('\n----------ERROR-------\n')
const outputSuffix = Buffer.from('\n---Output truncated---')
const errorSuffix = Buffer.from('\n---Error truncated----')

/** `standardOutput` or `standardError` of a reply. */
export function limitStream(text: Buffer): string {
  if (text.length < streamLimit) return text.toString()
  return Buffer.concat([text.subarray(0, streamLimit - streamSuffix.length), streamSuffix]).toString()
}

/** `output` of a reply: both streams in one text. */
export function combineOutput(stdout: Buffer, stderr: Buffer): string {
  const title = stderr.length > 0 ? errorTitle : Buffer.alloc(0)
  const space = outputLimit - title.length
  const half = Math.floor(space / 2)
  if (stdout.length + stderr.length < space) return text(stdout, title, stderr)
  if (stdout.length > half && stderr.length > half) {
    const each = Math.floor((space - outputSuffix.length - errorSuffix.length) / 2)
    return text(stdout.subarray(0, each), outputSuffix, title, stderr.subarray(0, each), errorSuffix)
  }
  if (stdout.length <= half) {
    return text(stdout, title, stderr.subarray(0, space - errorSuffix.length - stdout.length), errorSuffix)
  }
  return text(stdout.subarray(0, space - outputSuffix.length - stderr.length), outputSuffix, title, stderr)
}

function text(...parts: Buffer[]): string {
  return Buffer.concat(parts).toString()
}
