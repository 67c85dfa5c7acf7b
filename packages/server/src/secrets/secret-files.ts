/**
 * Secrets as files in a folder, such as credentials of systemd or secrets of a container: the name of the secret is the path of the
 * file, its value what is in the file, but for one line break at the end.
 */
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ApiError } from '#kernel/api-error.ts'
import { CURRENT, type Secret, type SecretStore, type SecretVersion, versionIdOf } from '#kernel/secret-store.ts'
import type { SecretFilesSetting } from '#kernel/secret-store-setting.ts'
import { segmentsOf } from './segments.ts'

/** As much as a secret may have in AWS Secrets Manager. */
const BYTES = 65_536
const OF_OTHERS = 0o007

export function openSecretFiles({ folder }: SecretFilesSetting): SecretStore {
  return {
    url: `file://${folder}`,
    async read(_scope, name, version) {
      const segments = segmentsOf(name)
      return segments && readSecret(join(folder, ...segments), name, version)
    },
    async check() {
      if (!(await stat(folder)).isDirectory()) throw new Error(`${folder} is no folder.`)
    },
    close() {},
  }
}

async function readSecret(path: string, name: string, version: SecretVersion): Promise<Secret | undefined> {
  const file = await open(path).catch(absent)
  if (!file) return undefined
  try {
    const stats = await file.stat()
    if (!stats.isFile()) return undefined
    if (stats.mode & OF_OTHERS) throw unusable(name, `everybody on its machine may use the file; chmod 600 ${path}`)
    if (stats.size > BYTES) throw unusable(name, `it has more than ${BYTES} bytes`)
    const versionId = versionIdOf(Math.floor(stats.mtimeMs))
    if ('id' in version ? version.id !== versionId : version.stage !== CURRENT) return undefined
    const text = textOf(await file.readFile())
    return { arn: undefined, name, versionId, versionStages: [CURRENT], text, createdAt: stats.mtime }
  } finally {
    await file.close()
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'ENAMETOOLONG') return undefined
  throw new ApiError('ServiceUnavailable', `The secret cannot be read: ${error.code}.`, { cause: error })
}

/** The path is for the log only. */
function unusable(name: string, why: string): ApiError {
  return new ApiError('AccessDeniedException', `The secret ${name} cannot be used. The server's log has the reason.`, {
    detail: `secret ${name}: ${why}`,
  })
}

/** Undefined for what is no UTF-8. */
function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).replace(/\r?\n$/, '')
  } catch {
    return undefined
  }
}
