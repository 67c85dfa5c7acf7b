import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Capability, Operation } from '#kernel/declare.ts'

const FOLDER = join(import.meta.dirname, 'capabilities')

/** Every capability: the exported one of each `capabilities/<name>/index.ts`. No file lists them. */
export async function loadCapabilities(): Promise<Capability[]> {
  const folders = readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, 'index.ts')))
  const modules = await Promise.all(folders.sort().map((name) => import(`./capabilities/${name}/index.ts`)))
  return modules.flatMap((module: object) => Object.values(module).filter(isCapability))
}

/** The operations of a capability: what the files of its folder `operations` export. */
export async function loadOperations({ url }: Capability): Promise<Operation[]> {
  const folder = fileURLToPath(new URL('./operations/', url))
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const modules = await Promise.all(files.sort().map((name) => import(new URL(name, `file://${folder}`).href)))
  return modules.flatMap((module: object) => Object.values(module).filter(isOperation))
}

function isCapability(value: unknown): value is Capability {
  return isObject(value) && typeof value.url === 'string' && Array.isArray(value.tasks) && Array.isArray(value.channels)
}

function isOperation(value: unknown): value is Operation {
  return isObject(value) && typeof value.handle === 'function' && typeof value.access === 'function'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
