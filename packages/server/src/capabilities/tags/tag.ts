import type { ResourceTypeForTagging, Tag } from '@steward/model/generated/ssm.ts'
import type { Access } from '#kernel/declare.ts'
import { arn, type Scope } from '#kernel/scope.ts'
import { invalidResourceType, reservedTagKey, tooManyTags } from './errors.ts'

/** Types of resources whose tags are kept here: those that SSM tags, and groups. */
export type TaggedType = ResourceTypeForTagging | 'ResourceGroup'

/** A resource as the tag operations name it. */
export interface Resource<T extends TaggedType = TaggedType> {
  readonly type: T
  readonly id: string
}

type SsmResource = Resource<ResourceTypeForTagging>

/**
 * `keys`: carries any of these tags. `key`: carries this tag with any of these values, of which the empty text is one; or with a
 * value that begins with any of these.
 */
export type TagFilter =
  | { readonly keys: readonly string[] }
  | { readonly key: string; readonly beginnings: readonly string[] }
  | { readonly key: string; readonly values: readonly string[] }

export const RESOURCE_PATHS: Readonly<Record<ResourceTypeForTagging, string>> = {
  Association: 'association',
  Automation: 'automation-execution',
  CloudConnector: 'cloud-connector',
  Document: 'document',
  MaintenanceWindow: 'maintenancewindow',
  ManagedInstance: 'managed-instance',
  OpsItem: 'opsitem',
  OpsMetadata: 'opsmetadata',
  Parameter: 'parameter',
  PatchBaseline: 'patchbaseline',
}

const TYPES: ReadonlyMap<string, ResourceTypeForTagging> = new Map(
  Object.entries(RESOURCE_PATHS).map(([type, path]) => [path, type as ResourceTypeForTagging]),
)

const TAGS_PER_RESOURCE = 50
const TAGS_PER_AUTOMATION = 5

/** The resource that an operation's input names: documents and parameters by name or by an ARN of this account and Region. */
export function resourceNamed(scope: Scope, type: ResourceTypeForTagging, id: string): SsmResource {
  if (type === 'ManagedInstance' && id.startsWith('i-')) throw invalidResourceType()
  const prefix = arn(scope, 'ssm', `${RESOURCE_PATHS[type]}/`)
  const name = id.startsWith(prefix) ? id.slice(prefix.length) : id
  // `foo` and `/foo` are one parameter; it is known under the latter.
  return { type, id: type === 'Parameter' && !name.startsWith('/') ? `/${name}` : name }
}

/** The ARN on which changing or listing the tags of a resource is authorised. */
export function resourceArn(scope: Scope, { type, id }: SsmResource): string {
  return arn(scope, 'ssm', `${RESOURCE_PATHS[type]}/${id.replace(/^\//, '')}`)
}

/** The resource that such an ARN is of, and its scope; undefined if it is none that can be tagged. */
export function resourceOfArn(text: string): { readonly scope: Scope; readonly resource: SsmResource } | undefined {
  const [, , , region = '', account = '', ...rest] = text.split(':')
  const path = rest.join(':')
  const slash = path.indexOf('/')
  const type = TYPES.get(path.slice(0, Math.max(slash, 0)))
  if (!type) return undefined
  return { scope: { account, region }, resource: { type, id: path.slice(type === 'Parameter' ? slash : slash + 1) } }
}

/** Tags as most other services have them. */
export function toMap(tags: readonly Tag[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]))
}

export function toTags(map: Readonly<Record<string, string>> = {}): Tag[] {
  return Object.entries(map).map(([Key, Value]) => ({ Key, Value }))
}

/** The condition keys of a request that hands in tags. */
export function tagConditions(tags: readonly Tag[] = []): Record<string, string | string[]> {
  const values = Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value]))
  return { 'aws:TagKeys': tags.map(({ Key }) => Key), ...values }
}

/** What making something with tags demands beyond making it. */
export function taggingAccess(resources: readonly string[], tags: readonly Tag[] = []): Access[] {
  if (tags.length === 0) return []
  return [{ action: 'ssm:AddTagsToResource', resources, context: tagConditions(tags) }]
}

/** The tags that are left when `added` is put over `present`. Throws where that breaks a rule of tags. */
export function withTags(type: TaggedType, present: readonly Tag[], added: readonly Tag[]): Tag[] {
  const reserved = added.find(({ Key }) => Key.toLowerCase().startsWith('aws:'))
  if (reserved) throw reservedTagKey(reserved.Key)
  const merged = new Map([...present, ...added].map(({ Key, Value }) => [Key, Value]))
  if (merged.size > (type === 'Automation' ? TAGS_PER_AUTOMATION : TAGS_PER_RESOURCE)) throw tooManyTags()
  return [...merged].map(([Key, Value]) => ({ Key, Value }))
}
