import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Capability, Operation, S3Operation } from '#kernel/declare.ts'

const FOLDER = join(import.meta.dirname, 'capabilities')

/** Every capability: the exported one of each `capabilities/<name>/index.ts`. No file lists them. */
export async function loadCapabilities(): Promise<Capability[]> {
  const folders = readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, 'index.ts')))
  const modules = await Promise.all(folders.sort().map((name) => import(`./capabilities/${name}/index.ts`)))
  return modules.flatMap((module: object) => Object.values(module).filter(isCapability))
}

/** The operations of a capability: what the files of its folder `operations` export. */
export async function loadOperations({ url }: Capability): Promise<Operation[]> {
  return (await exportsOf(new URL('./operations/', url))).filter(isOperation<Operation>)
}

/** Its operations of S3's API, which are in a folder `s3`. */
export async function loadS3Operations({ url }: Capability): Promise<S3Operation[]> {
  return (await exportsOf(new URL('./s3/', url))).filter(isOperation<S3Operation>)
}

async function exportsOf(url: URL): Promise<unknown[]> {
  const folder = fileURLToPath(url)
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const modules = await Promise.all(files.sort().map((name) => import(new URL(name, `file://${folder}`).href)))
  return modules.flatMap((module: object) => Object.values(module))
}

function isCapability(value: unknown): value is Capability {
  return isObject(value) && typeof value.url === 'string' && Array.isArray(value.tasks) && Array.isArray(value.channels)
}

function isOperation<T extends Operation | S3Operation>(value: unknown): value is T {
  return isObject(value) && typeof value.handle === 'function' && typeof value.access === 'function'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** What the one capability that declares it has under this name; undefined if none does. */
export function declaredBy<K extends keyof Capability>(
  capabilities: readonly Capability[],
  name: K,
): Capability[K] | undefined {
  return capabilities.find((one) => one[name] !== undefined)?.[name]
}
