/**
 * Files that hold what objects contain, encrypted. A file is a row of chunks of 64 KiB, each sealed with AES-256-GCM under a key of the
 * file alone, which follows from the content's key and the file's name; the nonce is the chunk's number and whether it is the last, so
 * chunks can neither be moved nor cut off unnoticed. A file is on the disk, with its name, before anybody is told that it was written.
 */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const CHUNK = 64 * 1024
const TAG = 16
const SEALED_CHUNK = CHUNK + TAG
/** Chunks that are written or read at once. */
const AT_ONCE = 16

export interface ContentFile {
  readonly folder: string
  /** Its name, unique for ever. */
  readonly file: string
  /** The key of the content that it is part of. */
  readonly contentKey: Uint8Array
}

/** Writes a new file; gives the size of the content in bytes. What `source` throws leaves a broken file, which is the caller's to remove. */
export async function writeContent(place: ContentFile, source: AsyncIterable<Buffer>): Promise<number> {
  const path = await madePath(place)
  const sealer = new Sealer(fileKey(place))
  const handle = await open(path, 'wx', 0o600)
  try {
    for await (const bytes of source) {
      sealer.add(bytes)
      if (sealer.ready.length >= 2 * AT_ONCE) await writeAll(handle, sealer.take())
    }
    sealer.end()
    await writeAll(handle, sealer.take())
    await handle.sync()
  } finally {
    await handle.close()
  }
  await syncFolder(dirname(path))
  return sealer.size
}

/** The bytes from `start` up to, but without, `end`, of a file of `size` bytes. Throws if it was changed. */
export async function* readContent(
  place: ContentFile,
  size: number,
  start: number,
  end: number,
): AsyncGenerator<Buffer> {
  if (start >= end) return
  const key = fileKey(place)
  const last = lastChunk(size)
  const handle = await open(pathOf(place), 'r')
  try {
    for (let first = Math.floor(start / CHUNK); first * CHUNK < end; first += AT_ONCE) {
      const until = Math.min(first + AT_ONCE, Math.ceil(end / CHUNK))
      const sealed = Buffer.allocUnsafe((until - first) * SEALED_CHUNK)
      const { bytesRead } = await handle.read(sealed, 0, sealed.length, first * SEALED_CHUNK)
      const plain: Buffer[] = []
      for (let chunk = first; chunk < until; chunk += 1) {
        const at = (chunk - first) * SEALED_CHUNK
        plain.push(opened(key, chunk, chunk === last, sealed.subarray(at, Math.min(at + SEALED_CHUNK, bytesRead))))
      }
      const whole = Buffer.concat(plain)
      yield whole.subarray(Math.max(0, start - first * CHUNK), Math.min(whole.length, end - first * CHUNK))
    }
  } finally {
    await handle.close()
  }
}

/** A disk that becomes full takes a part of what it is given, which is no error yet: it is one to give it the rest. */
async function writeAll(handle: FileHandle, pieces: Buffer[]): Promise<void> {
  const { bytesWritten } = await handle.writev(pieces)
  const size = pieces.reduce((sum, { length }) => sum + length, 0)
  if (bytesWritten < size) await handle.writeFile(Buffer.concat(pieces).subarray(bytesWritten))
}

/** Harmless if there is none. */
export function removeContent(folder: string, file: string): Promise<void> {
  return rm(pathOf({ folder, file }), { force: true })
}

/** Cuts what comes in pieces of any size into sealed chunks. */
class Sealer {
  readonly ready: Buffer[] = []
  size = 0
  readonly #key: Buffer
  #pending: Buffer[] = []
  #pendingSize = 0
  #chunk = 0

  constructor(key: Buffer) {
    this.#key = key
  }

  /** A chunk is sealed when more comes behind it: until then it may be the last. */
  add(bytes: Buffer): void {
    this.size += bytes.length
    for (let at = 0; at < bytes.length; ) {
      if (this.#pendingSize === CHUNK) this.#seal(false)
      const piece = bytes.subarray(at, at + CHUNK - this.#pendingSize)
      this.#pending.push(piece)
      this.#pendingSize += piece.length
      at += piece.length
    }
  }

  end(): void {
    this.#seal(true)
  }

  take(): Buffer[] {
    return this.ready.splice(0)
  }

  #seal(isLast: boolean): void {
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce(this.#chunk, isLast))
    const text = this.#pending.map((piece) => cipher.update(piece))
    cipher.final()
    this.ready.push(...text, cipher.getAuthTag())
    this.#chunk += 1
    this.#pending = []
    this.#pendingSize = 0
  }
}

function opened(key: Buffer, chunk: number, isLast: boolean, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce(chunk, isLast), { authTagLength: TAG })
  decipher.setAuthTag(sealed.subarray(-TAG))
  const plain = decipher.update(sealed.subarray(0, -TAG))
  decipher.final()
  return plain
}

function nonce(chunk: number, isLast: boolean): Buffer {
  const bytes = Buffer.alloc(12)
  bytes[0] = isLast ? 1 : 0
  bytes.writeUInt32BE(chunk, 8)
  return bytes
}

function lastChunk(size: number): number {
  return Math.max(0, Math.ceil(size / CHUNK) - 1)
}

function fileKey({ contentKey, file }: ContentFile): Buffer {
  return createHmac('sha256', contentKey).update(`steward object file ${file}`).digest()
}

/** Spread over 256 folders, since folders of very many files are slow. */
function pathOf({ folder, file }: Pick<ContentFile, 'folder' | 'file'>): string {
  return join(folder, file.slice(0, 2), file)
}

async function madePath(place: ContentFile): Promise<string> {
  const path = pathOf(place)
  const made = await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  if (made) await syncFolder(place.folder)
  return path
}

/** A new name survives a power cut only once its folder is on the disk. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
