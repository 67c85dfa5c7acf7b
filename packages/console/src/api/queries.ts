/**
 * How pages read. An answer is kept under its kind, one of those that the event stream tells of, and its arguments; when the stream
 * says that something of the kind changed, what is on the screen is read again. Nothing is read again by the clock.
 */
import { QueryClient, type UseQueryResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type Failure, failureOf, isAway, isSignedOut } from './failure.ts'
import { signedIn, signOut } from './sign-in.ts'

/** The kinds of things of which the event stream says that they changed. */
export type Kind =
  | 'nodes'
  | 'activations'
  | 'commands'
  | 'invocations'
  | 'sessions'
  | 'recordings'
  | 'documents'
  | 'parameters'
  | 'iam'
  | 'keys'
  | 'audit'
  | 'rules'
  | 'deliveries'
  | 'topics'
  | 'associations'
  | 'compliance'
  | 'evidence'
  | 'inventory'
  | 'resource-data-syncs'
  | 'groups'
  | 'settings'
  | 'server'

const AWAY_RETRIES = 3

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => isAway(error) && failures < AWAY_RETRIES,
        retryDelay: (failures) => Math.min(500 * 2 ** failures, 5_000),
      },
    },
  })
}

/**
 * What `read` answers, kept under the kind and the rest of the key, which names every argument that `read` depends on. While another
 * key is read for the first time, the last answer stays, so that the page does not jump.
 */
export function useRead<T>(
  kind: Kind,
  key: readonly unknown[],
  read: (signal: AbortSignal) => Promise<T>,
  options: { enabled?: boolean; keepLast?: boolean } = {},
): UseQueryResult<T, Failure> {
  const { enabled = true, keepLast = true } = options
  return useQuery<T, Failure>({
    queryKey: [kind, ...key],
    queryFn: async ({ signal }) => read(signal).catch(fail),
    enabled,
    ...(keepLast ? { placeholderData: (last: unknown) => last as never } : {}),
  })
}

/** An act: `act(input)` does it, and what it changed of the kinds is read again. Rejects with a {@link Failure}. */
export function useAct<I, T>(kinds: readonly Kind[], act: (input: I) => Promise<T>) {
  const client = useQueryClient()
  return useMutation<T, Failure, I>({
    mutationFn: (input) => act(input).catch(fail),
    onSuccess: async () => {
      await Promise.all(kinds.map((kind) => client.invalidateQueries({ queryKey: [kind] })))
    },
  })
}

/** All pages of a list, one after the other. `read` is given the token of the page, undefined for the first. */
export async function allPages<T>(
  read: (token: string | undefined) => Promise<{ items: readonly T[]; next?: string | undefined }>,
): Promise<T[]> {
  const all: T[] = []
  let token: string | undefined
  do {
    const { items, next } = await read(token)
    all.push(...items)
    token = next
  } while (token)
  return all
}

function fail(error: unknown): never {
  if (error instanceof DOMException && error.name === 'AbortError') throw error
  if (isSignedOut(error) && signedIn()) signOut('expired')
  throw failureOf(error)
}
