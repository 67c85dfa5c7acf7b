/** Resource Groups, as whoever is signed in: the few calls of it that pages need. */
import type {
  CreateGroupInput,
  CreateGroupOutput,
  GetGroupOutput,
  GetGroupQueryInput,
  GetGroupQueryOutput,
  GroupResourcesOutput,
  ListGroupResourcesOutput,
  ListGroupsOutput,
  SearchResourcesInput,
  SearchResourcesOutput,
  UngroupResourcesOutput,
  UpdateGroupInput,
  UpdateGroupQueryInput,
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

export function getGroup(Group: string, signal: AbortSignal): Promise<GetGroupOutput> {
  return call('/get-group', { Group }, {}, signal)
}

export function updateGroup(input: UpdateGroupInput): Promise<unknown> {
  return call('/update-group', input, {})
}

export function updateGroupQuery(input: UpdateGroupQueryInput): Promise<unknown> {
  return call('/update-group-query', input, {})
}

export function deleteGroup(Group: string): Promise<unknown> {
  return call('/delete-group', { Group }, {})
}

export function listGroupResources(
  Group: string,
  NextToken: string | undefined,
  signal: AbortSignal,
): Promise<ListGroupResourcesOutput> {
  return call('/list-group-resources', { Group, NextToken, MaxResults: 50 }, {}, signal)
}

export function searchResources(input: SearchResourcesInput, signal: AbortSignal): Promise<SearchResourcesOutput> {
  return call('/resources/search', input, {}, signal)
}

/** Puts up to ten resources into a group that has no query. */
export function groupResources(Group: string, ResourceArns: string[]): Promise<GroupResourcesOutput> {
  return call('/group-resources', { Group, ResourceArns }, {})
}

export function ungroupResources(Group: string, ResourceArns: string[]): Promise<UngroupResourcesOutput> {
  return call('/ungroup-resources', { Group, ResourceArns }, {})
}

async function call<T>(path: string, input: object, query: Record<string, string>, signal?: AbortSignal): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  const request = { service: 'resource-groups', path, query, headers, body: JSON.stringify(input) }
  return (await (await post(request, signedIn(), signal)).json()) as T
}
