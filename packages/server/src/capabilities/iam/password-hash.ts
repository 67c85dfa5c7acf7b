/** Passwords as they rest: Argon2id in the PHC string format, with OWASP's parameters for interactive logins. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2)

const SALT_BYTES = 16
const HASH_BYTES = 32
const COST: Cost = { memory: 19_456, passes: 2, parallelism: 1 }

interface Cost {
  /** KiB. */
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

/** Takes some tens of milliseconds, in a thread of its own. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const hash = await argon2id(password, salt, COST)
  const { memory, passes, parallelism } = COST
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${phc(salt)}$${phc(hash)}`
}

/**
 * Whether this is the password that was hashed. Without a hash there is nobody to prove, and the answer takes as long: who has a
 * password does not show in the time it takes to refuse.
 */
export async function isPassword(password: string, hashed: string | undefined): Promise<boolean> {
  const { cost, salt, hash } = parse(hashed) ?? { cost: COST, salt: Buffer.alloc(SALT_BYTES), hash: undefined }
  const found = await argon2id(password, salt, cost)
  return hash !== undefined && timingSafeEqual(found, hash)
}

function argon2id(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  // Composed first, so that it does not matter by which keyboard an accent came.
  return derive('argon2id', { message: password.normalize('NFC'), nonce: salt, tagLength: HASH_BYTES, ...cost })
}

function parse(hashed: string | undefined): { cost: Cost; salt: Buffer; hash: Buffer } | undefined {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(hashed ?? '')
  if (!match) return undefined
  const [memory, passes, parallelism] = match.slice(1, 4).map(Number) as [number, number, number]
  const [salt, hash] = match.slice(4).map((text) => Buffer.from(text, 'base64')) as [Buffer, Buffer]
  return { cost: { memory, passes, parallelism }, salt, hash }
}

/** The format has no padding. */
function phc(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
