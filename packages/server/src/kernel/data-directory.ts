import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const KEY_BYTES = 32

/** The folder in which the server keeps what must survive it. Secret files are readable by their owner only. */
export class DataDirectory {
  readonly path: string

  constructor(path: string) {
    this.path = path
    try {
      mkdirSync(path, { recursive: true, mode: 0o700 })
    } catch (cause) {
      throw unusable(path, cause)
    }
  }

  /**
   * Keeps every other server out of this folder until the returned function is called or this process ends, however it ends:
   * the lock is one of SQLite's, which the system lets go of.
   */
  lock(): () => void {
    try {
      closeSync(openSync(this.file('lock'), 'a', 0o600))
    } catch (cause) {
      throw unusable(this.path, cause)
    }
    const database = new DatabaseSync(this.file('lock'), { timeout: 0 })
    try {
      database.exec('begin exclusive')
    } catch (cause) {
      database.close()
      throw new Error(`Another Steward is running with the data directory ${this.path}.`, { cause })
    }
    return () => database.close()
  }

  file(name: string): string {
    return join(this.path, name)
  }

  /** The path of a folder within, which is made if it is not there. */
  folder(name: string): string {
    mkdirSync(this.file(name), { recursive: true, mode: 0o700 })
    return this.file(name)
  }

  clearFolder(name: string): void {
    rmSync(this.file(name), { recursive: true, force: true })
    this.folder(name)
  }

  read(name: string): string | undefined {
    return existsSync(this.file(name)) ? readFileSync(this.file(name), 'utf8') : undefined
  }

  /** Writes the whole file or nothing of it, durable when it returns. */
  write(name: string, content: string, mode = 0o600): void {
    const temporary = this.file(`${name}.new`)
    const fd = openSync(temporary, 'w', mode)
    // One that an interrupted write left behind may have other permissions.
    fchmodSync(fd, mode)
    writeFileSync(fd, content)
    fsyncSync(fd)
    closeSync(fd)
    renameSync(temporary, this.file(name))
    this.#syncFolder()
  }

  /** A new name in a folder survives a power cut only once the folder itself is on the disk. */
  #syncFolder(): void {
    const fd = openSync(this.path, 'r')
    fsyncSync(fd)
    closeSync(fd)
  }

  /** The file's content, made with `create` the first time. */
  ensure(name: string, create: () => string): string {
    const content = this.read(name)
    if (content !== undefined) return content
    const made = create()
    this.write(name, made)
    return made
  }

  /** 32 secret bytes that stay the same from start to start. A file that was cut or written over is refused: it would be a key to guess. */
  key(name: string): Buffer {
    const text = this.ensure(name, () => randomBytes(KEY_BYTES).toString('base64'))
    const key = Buffer.from(text, 'base64')
    if (key.length === KEY_BYTES) return key
    throw new Error(
      `${this.file(name)} is damaged: it has no key of ${KEY_BYTES} bytes. Put it back from a backup; without one, remove it, and the next start makes another.`,
    )
  }
}

function unusable(path: string, cause: unknown): Error {
  const mend = 'Start as its owner, or choose another directory with STEWARD_DATA.'
  return new Error(`This user cannot keep data in ${path}. ${mend}`, { cause })
}

/**
 * That of an installation which is to find every file again as it was: what would replace one that is there already stays in memory.
 * Files that are missing are made.
 */
export class UnchangedDataDirectory extends DataDirectory {
  readonly #made = new Set<string>()
  readonly #changed = new Map<string, string>()

  override read(name: string): string | undefined {
    return this.#changed.get(name) ?? super.read(name)
  }

  override write(name: string, content: string, mode?: number): void {
    if (super.read(name) === undefined) this.#made.add(name)
    if (this.#made.has(name)) super.write(name, content, mode)
    else this.#changed.set(name, content)
  }
}
