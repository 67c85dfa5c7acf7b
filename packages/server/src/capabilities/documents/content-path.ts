import { ApiError } from '#kernel/api-error.ts'

/** Names of members and indexes of items, from the root of a content. */
export type ContentPath = readonly (string | number)[]

const paths = new WeakMap<ApiError, ContentPath>()

/** Runs a check of what is at `path` of its surroundings, and remembers of an error where it was. */
export function within<T>(path: ContentPath, check: () => T): T {
  try {
    return check()
  } catch (error) {
    if (error instanceof ApiError) paths.set(error, [...path, ...(paths.get(error) ?? [])])
    throw error
  }
}

/** Where in the content an error was found, as far as it is known. */
export function pathOf(error: ApiError): ContentPath | undefined {
  return paths.get(error)
}
