/** The Resource Groups Tagging API, as whoever is signed in. */
import type { Operations } from '@steward/model/generated/resourcegroupstaggingapi.ts'
import { allPages } from './queries.ts'
import { signedIn } from './sign-in.ts'
import { post } from './steward.ts'

/** Rejects with a `Failure`. */
export async function tagging<O extends keyof Operations>(
  operation: O,
  input: Operations[O]['input'],
  signal?: AbortSignal,
): Promise<Operations[O]['output']> {
  const target = `ResourceGroupsTaggingAPI_20170126.${operation}`
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target }
  const response = await post(
    { service: 'tagging', path: '/', headers, body: JSON.stringify(input) },
    signedIn(),
    signal,
  )
  return (await response.json()) as Operations[O]['output']
}

/** All keys of tags that anything carries. */
export function tagKeys(signal: AbortSignal): Promise<string[]> {
  return allPages(async (token) => {
    const page = await tagging('GetTagKeys', token === undefined ? {} : { PaginationToken: token }, signal)
    return { items: page.TagKeys ?? [], next: page.PaginationToken }
  })
}

/** All values of the tags with this key. */
export function tagValues(Key: string, signal: AbortSignal): Promise<string[]> {
  return allPages(async (token) => {
    const page = await tagging('GetTagValues', { Key, ...(token !== undefined && { PaginationToken: token }) }, signal)
    return { items: page.TagValues ?? [], next: page.PaginationToken }
  })
}
