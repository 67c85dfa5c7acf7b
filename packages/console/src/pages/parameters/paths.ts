/** Names of parameters as paths, and where in the console they are shown. */

/** The page of a parameter. */
export function parameterPage(name: string, page: 'show' | 'edit' = 'show'): string {
  return `/parameters/${page}?${new URLSearchParams({ name })}`
}

/** The list of what lies in a path. */
export function folderPage(path: string): string {
  return path === '/' ? '/parameters' : `/parameters?${new URLSearchParams({ path })}`
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

/** The last part of a path or a name. */
export function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

/** `/`, `/a`, `/a/b` for `/a/b`. */
export function pathsDownTo(path: string): string[] {
  if (path === '/') return ['/']
  return [...pathsDownTo(parentOf(path)), path]
}
