import assert from 'node:assert/strict'
import { loadService } from '@steward/model'
import type { Operations } from '@steward/model/generated/resource-groups.ts'
import type { Operations as TaggingOperations } from '@steward/model/generated/resourcegroupstaggingapi.ts'
import type { TestServer } from '@steward/testkit'
import { jsonCall, type RawAnswer, type RawCall, rawCall } from '#door/testing/raw-call.ts'
import { sentInput } from '#door/testing/sent-input.ts'

/** Calls Resource Groups as SDKs do: method and path, the rest in query and body. */
export class Groups {
  readonly #server: TestServer
  readonly #more: RawCall

  constructor(server: TestServer, more: RawCall = {}) {
    this.#server = server
    this.#more = more
  }

  /** The answer, whatever it is. */
  ask<N extends keyof Operations & string>(name: N, input: Operations[N]['input']): Promise<RawAnswer> {
    const model = loadService('resource-groups').operation(name)!
    return rawCall(this.#server, { service: 'resource-groups', ...sentInput(model, input), ...this.#more })
  }

  /** What it answers if nothing is wrong. */
  async call<N extends keyof Operations & string>(
    name: N,
    input: Operations[N]['input'],
  ): Promise<Answer<Operations[N]['output']>> {
    const { status, text, json } = await this.ask(name, input)
    assert.equal(Math.floor(status / 100), 2, text)
    return json as Answer<Operations[N]['output']>
  }

  /** The code of the error that it answers. */
  async refusal<N extends keyof Operations & string>(name: N, input: Operations[N]['input']): Promise<string> {
    const { status, headers, text } = await this.ask(name, input)
    assert.ok(status >= 400, text)
    return headers.get('x-amzn-errortype') ?? ''
  }

  /** A group of everything with a tag. */
  async tagged(Name: string, key: string, ...values: string[]): Promise<string> {
    const { Group } = await this.call('CreateGroup', { Name, ResourceQuery: tagQuery([{ Key: key, Values: values }]) })
    return Group.GroupArn
  }

  /** ARNs of what is in a group. */
  async members(Group: string, types?: string[]): Promise<string[]> {
    const Filters = types && [{ Name: 'resource-type' as const, Values: types }]
    const { ResourceIdentifiers } = await this.call('ListGroupResources', { Group, Filters })
    return ResourceIdentifiers.map(({ ResourceArn }) => ResourceArn!)
  }
}

type Answer<T> = { [K in keyof T]-?: Exclude<T[K], undefined> }

export function tagQuery(TagFilters: unknown, ResourceTypeFilters: unknown = ['AWS::AllSupported']) {
  return { Type: 'TAG_FILTERS_1_0' as const, Query: JSON.stringify({ ResourceTypeFilters, TagFilters }) }
}

/** Calls an operation of the tagging API. */
export async function tagging<N extends keyof TaggingOperations & string>(
  server: TestServer,
  name: N,
  input: TaggingOperations[N]['input'],
  more: RawCall = {},
): Promise<Answer<TaggingOperations[N]['output']>> {
  const answer = await jsonCall(server, `ResourceGroupsTaggingAPI_20170126.${name}`, input, {
    service: 'tagging',
    ...more,
  })
  if (answer.status !== 200) throw Object.assign(new Error(answer.text), { name: String(answer.json.__type) })
  return answer.json as Answer<TaggingOperations[N]['output']>
}
