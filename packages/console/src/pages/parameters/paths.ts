/** Names of parameters as paths, and where in the console they are shown. */
import { parameters as texts } from '#texts/parameters.ts'

/** The page of a parameter. */
export function parameterPage(name: string, page: 'show' | 'edit' = 'show'): string {
  return `/parameters/${page}?${new URLSearchParams({ name })}`
}

/** The list of what lies in a path. */
export function folderPage(path: string): string {
  return path === '/' ? '/parameters' : `/parameters?${new URLSearchParams({ path })}`
}

/** Where parameters lie that everybody may read and nobody of the account changes. */
export const PUBLIC = '/aws/service'

/** Whether a name or a path is a public one. */
export function isPublic(name: string): boolean {
  return name === PUBLIC || name.startsWith(`${PUBLIC}/`)
}

/** What others share with the account. */
export const SHARED_PAGE = '/parameters?whose=shared'

/** Where one names a secret that is kept elsewhere. */
export const SECRETS_PAGE = '/parameters?whose=secrets'

/** What names of secrets elsewhere begin with. */
export const SECRET_REFERENCES = '/aws/reference/secretsmanager/'

export function isSecretReference(name: string): boolean {
  return name.startsWith(SECRET_REFERENCES)
}

/** What another account shares is named by its ARN. */
export function isShared(name: string): boolean {
  return name.startsWith('arn:')
}

export function nameInArn(arn: string): string {
  return arn.slice(arn.indexOf(':parameter') + ':parameter'.length)
}

/** `foo` and `/foo` are one parameter. */
export function asPath(name: string): string {
  return name.startsWith('/') ? name : `/${name}`
}

/** What a path or a name lies in: `/a` for `/a/b`, `/` for `/a`. */
export function parentOf(name: string): string {
  const path = asPath(name)
  return path.slice(0, path.lastIndexOf('/')) || '/'
}

/** A path as the trails have it. */
export function nameOfPath(path: string): string {
  return path === '/' ? texts.title : path === PUBLIC ? texts.publicTitle : lastPart(path)
}

/** The last part of a path or a name. */
export function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

/** `/`, `/a`, `/a/b` for `/a/b`. What is above the public ones is nothing to go to. */
export function pathsDownTo(path: string): string[] {
  if (path === '/' || path === PUBLIC) return [path]
  return [...pathsDownTo(parentOf(path)), path]
}
