/** Resource Groups, as whoever is signed in: the few calls of it that pages need. */
import type {
  CreateGroupInput,
  CreateGroupOutput,
  GetGroupQueryInput,
  GetGroupQueryOutput,
  ListGroupsOutput,
} from '@steward/model/generated/resource-groups.ts'
import { signedIn } from './sign-in.ts'
import { post } from './steward.ts'

export function listGroups(token: string | undefined, signal: AbortSignal): Promise<ListGroupsOutput> {
  return call('/groups-list', {}, token === undefined ? {} : { nextToken: token }, signal)
}

export function getGroupQuery(input: GetGroupQueryInput, signal: AbortSignal): Promise<GetGroupQueryOutput> {
  return call('/get-group-query', input, {}, signal)
}

export function createGroup(input: CreateGroupInput): Promise<CreateGroupOutput> {
  return call('/groups', input, {})
}

async function call<T>(path: string, input: object, query: Record<string, string>, signal?: AbortSignal): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  const request = { service: 'resource-groups', path, query, headers, body: JSON.stringify(input) }
  return (await (await post(request, signedIn(), signal)).json()) as T
}
