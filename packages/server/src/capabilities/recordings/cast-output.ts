import { isUtf8 } from 'node:buffer'
import { castLine } from '@steward/protocol/recording/cast.ts'
import { LosslessDecoder } from '@steward/protocol/recording/lossless-text.ts'

/**
 * The line of an asciicast that shows these bytes; they must end with a whole character, if they are UTF-8. A terminal can show a hundred
 * megabytes a second, and to make characters of them and bytes again would take longest of all that is done with them. So each byte is
 * taken for a character of its own on the way through JSON, which leaves those of UTF-8 as they are.
 */
export function outputLine(milliseconds: number, bytes: Buffer): Buffer {
  if (isUtf8(bytes)) return Buffer.from(castLine({ milliseconds, code: 'o', data: bytes.toString('latin1') }), 'latin1')
  const decoder = new LosslessDecoder()
  const data = decoder.decode(bytes) + decoder.end()
  return Buffer.from(castLine({ milliseconds, code: 'o', data }))
}
