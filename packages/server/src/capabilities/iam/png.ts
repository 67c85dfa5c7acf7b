import { crc32, deflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Rows of dark and light squares as a PNG in black and white, `scale` pixels for each, within a light `margin` of squares. */
export function png(rows: readonly (readonly boolean[])[], scale: number, margin: number): Buffer {
  const width = (rows.length + 2 * margin) * scale
  const lines = Array.from({ length: width }, (_, y) =>
    scanline(width, (x) => rows[Math.floor(y / scale) - margin]?.[Math.floor(x / scale) - margin] === true),
  )
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header(width)),
    chunk('IDAT', deflateSync(Buffer.concat(lines))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Square, one bit for a pixel, greyscale. */
function header(width: number): Buffer {
  const bytes = Buffer.alloc(13)
  bytes.writeUInt32BE(width, 0)
  bytes.writeUInt32BE(width, 4)
  bytes[8] = 1
  return bytes
}

/** No filter, then the pixels, of which light ones are 1. */
function scanline(width: number, isDark: (x: number) => boolean): Buffer {
  const bytes = Buffer.alloc(1 + Math.ceil(width / 8))
  for (let x = 0; x < width; x++) if (!isDark(x)) bytes[1 + (x >> 3)]! |= 0x80 >> (x & 7)
  return bytes
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}
