/** What the form holds, where it comes from, and the request that it stands for. */
import type { Command, NotificationEvent, NotificationType, SendCommandRequest, Target } from '@aws-sdk/client-ssm'
import { commands } from '#texts/commands.ts'
import { type Declaration, faultOf, suppliedParameters } from './parameter-rules.ts'

export type TargetKind = 'nodes' | 'tags' | 'group' | 'every' | 'other'

/** The resource group by which a command reaches every node: the API of commands has no word for that. */
export const EVERY_NODE = 'every-node'

export interface Tag {
  readonly key: string
  /** Separated by commas; empty: any. */
  readonly values: string
}

/** A number, or a share of the nodes. */
export interface Share {
  readonly value: string
  readonly unit: 'count' | 'percent'
}

/** Whom a topic tells of what; no topic: nobody. */
export interface Notifications {
  readonly topic: string
  readonly type: NotificationType
  readonly events: readonly NotificationEvent[]
  /** The role that publishes. */
  readonly role: string
}

export interface RunForm {
  readonly document: string
  readonly version: string
  readonly texts: Readonly<Record<string, string>>
  readonly kind: TargetKind
  readonly nodes: readonly string[]
  readonly tags: readonly Tag[]
  /** The name of a resource group. */
  readonly group: string
  /** Targets of a command that is copied for which the form has no words. */
  readonly other: readonly Target[]
  readonly comment: string
  readonly timeout: string
  readonly concurrency: Share
  readonly errors: Share
  readonly bucket: string
  readonly prefix: string
  readonly logs: boolean
  readonly logGroup: string
  readonly notifies: boolean
  readonly notifications: Notifications
}

export const DEFAULT_VERSION = '$DEFAULT'
export const MOST_NODES = 50

const EMPTY: RunForm = {
  document: '',
  version: DEFAULT_VERSION,
  texts: {},
  kind: 'nodes',
  nodes: [],
  tags: [{ key: '', values: '' }],
  group: '',
  other: [],
  comment: '',
  timeout: '600',
  concurrency: { value: '50', unit: 'count' },
  errors: { value: '0', unit: 'count' },
  bucket: '',
  prefix: '',
  logs: false,
  logGroup: '',
  notifies: false,
  notifications: { topic: '', type: 'Command', events: ['All'], role: '' },
}

/** What an address asks for: `document`, `version`, `on`, and `nodes`, separated by commas, or `tag`, as often as needed, or `group`. */
export function formFromSearch(search: URLSearchParams): RunForm {
  const nodes = (search.get('nodes') ?? '').split(',').filter(Boolean)
  const tags = search.getAll('tag').map(tagFrom)
  return {
    ...EMPTY,
    document: search.get('document') ?? '',
    version: search.get('version') ?? DEFAULT_VERSION,
    nodes,
    tags: tags.length > 0 ? tags : EMPTY.tags,
    group: search.get('group') ?? '',
    kind: KINDS.find((kind) => kind === search.get('on')) ?? (tags.length > 0 ? 'tags' : 'nodes'),
  }
}

const KINDS: readonly TargetKind[] = ['nodes', 'tags', 'group', 'every']

/** The part of the form that the address keeps. */
export function searchOf({ document, version, kind, nodes, tags, group }: RunForm): URLSearchParams {
  const search = new URLSearchParams()
  if (document) search.set('document', document)
  if (document && version !== DEFAULT_VERSION) search.set('version', version)
  if (kind !== 'nodes' && kind !== 'other') search.set('on', kind)
  if (kind === 'nodes' && nodes.length > 0) search.set('nodes', nodes.join(','))
  if (kind === 'tags') for (const { key, values } of tags) if (key) search.append('tag', `${key}=${values}`)
  if (kind === 'group' && group) search.set('group', group)
  return search
}

function tagFrom(text: string): Tag {
  const at = text.indexOf('=')
  return at < 0 ? { key: text, values: '' } : { key: text.slice(0, at), values: text.slice(at + 1) }
}

/** The form as it was when the command was sent. */
export function formFromCommand(command: Command): RunForm {
  const parameters = Object.entries(command.Parameters ?? {})
  return {
    ...EMPTY,
    document: command.DocumentName ?? '',
    version: command.DocumentVersion || DEFAULT_VERSION,
    texts: Object.fromEntries(parameters.map(([name, values]) => [name, values.join('\n')])),
    ...targetsFrom(command),
    comment: command.Comment ?? '',
    timeout: String(command.TimeoutSeconds ?? EMPTY.timeout),
    concurrency: shareFrom(command.MaxConcurrency || EMPTY.concurrency.value),
    errors: shareFrom(command.MaxErrors || EMPTY.errors.value),
    bucket: command.OutputS3BucketName ?? '',
    prefix: command.OutputS3BucketName ? (command.OutputS3KeyPrefix ?? '') : '',
    logs: command.CloudWatchOutputConfig?.CloudWatchOutputEnabled ?? false,
    logGroup: command.CloudWatchOutputConfig?.CloudWatchLogGroupName ?? '',
    notifies: Boolean(command.NotificationConfig?.NotificationArn),
    notifications: notificationsFrom(command),
  }
}

function notificationsFrom({ NotificationConfig: config, ServiceRole }: Command): Notifications {
  return {
    topic: config?.NotificationArn ?? '',
    type: config?.NotificationType || EMPTY.notifications.type,
    events: config?.NotificationEvents?.length ? config.NotificationEvents : EMPTY.notifications.events,
    role: ServiceRole ?? '',
  }
}

function targetsFrom({ InstanceIds = [], Targets = [] }: Command): Partial<RunForm> {
  if (InstanceIds.length > 0) return { kind: 'nodes', nodes: InstanceIds }
  const [first, ...rest] = Targets
  if (first?.Key === 'InstanceIds' && rest.length === 0) return { kind: 'nodes', nodes: first.Values ?? [] }
  if (first?.Key === GROUP_KEY && rest.length === 0) {
    const group = first.Values?.[0]?.replace(/^.*:group\//, '') ?? ''
    return group === EVERY_NODE ? { kind: 'every' } : { kind: 'group', group }
  }
  const tags = Targets.flatMap(tagsFrom)
  if (tags.every((tag) => tag !== undefined)) return { kind: 'tags', tags }
  return { kind: 'other', other: Targets }
}

const GROUP_KEY = 'resource-groups:Name'

function tagsFrom({ Key = '', Values = [] }: Target): (Tag | undefined)[] {
  if (Key === 'tag-key' && Values.length === 1) return [{ key: Values[0]!, values: '' }]
  return [Key.startsWith('tag:') ? { key: Key.slice(4), values: Values.join(',') } : undefined]
}

function shareFrom(text: string): Share {
  return text.endsWith('%') ? { value: text.slice(0, -1), unit: 'percent' } : { value: text, unit: 'count' }
}

/** Whom the form is about: for the request, and for its preview. */
export function targetsOf(form: RunForm): Pick<SendCommandRequest, 'InstanceIds' | 'Targets'> {
  switch (form.kind) {
    case 'nodes':
      return { InstanceIds: [...form.nodes] }
    case 'tags':
      return { Targets: form.tags.filter(({ key }) => key.trim()).map(tagTarget) }
    case 'group':
      return { Targets: [{ Key: GROUP_KEY, Values: [form.group] }] }
    case 'every':
      return { Targets: [{ Key: GROUP_KEY, Values: [EVERY_NODE] }] }
    case 'other':
      return { Targets: [...form.other] }
  }
}

function tagTarget({ key, values }: Tag): Target {
  if (!values.trim()) return { Key: 'tag-key', Values: [key.trim()] }
  return { Key: `tag:${key.trim()}`, Values: values.split(',').map((value) => value.trim()) }
}

/** Whether the form names any node, so that there is something to look up. */
export function hasTargets(form: RunForm): boolean {
  if (form.kind === 'nodes') return form.nodes.length > 0
  if (form.kind === 'group') return form.group !== ''
  return form.kind !== 'tags' || form.tags.some(({ key }) => key.trim())
}

export function requestOf(form: RunForm, declarations: readonly Declaration[]): SendCommandRequest {
  const parameters = suppliedParameters(declarations, form.texts)
  return {
    DocumentName: form.document,
    ...(form.version !== DEFAULT_VERSION && { DocumentVersion: form.version }),
    ...targetsOf(form),
    ...(Object.keys(parameters).length > 0 && { Parameters: parameters }),
    ...(form.comment && { Comment: form.comment }),
    TimeoutSeconds: Number(form.timeout),
    MaxConcurrency: shareText(form.concurrency),
    MaxErrors: shareText(form.errors),
    ...(form.bucket && { OutputS3BucketName: form.bucket, ...(form.prefix && { OutputS3KeyPrefix: form.prefix }) }),
    ...(form.logs && {
      CloudWatchOutputConfig: {
        CloudWatchOutputEnabled: true,
        ...(form.logGroup && { CloudWatchLogGroupName: form.logGroup }),
      },
    }),
    ...(form.notifies && notificationsOf(form.notifications)),
  }
}

function notificationsOf({ topic, type, events, role }: Notifications): Partial<SendCommandRequest> {
  return {
    ServiceRoleArn: role,
    NotificationConfig: { NotificationArn: topic, NotificationEvents: [...events], NotificationType: type },
  }
}

function shareText({ value, unit }: Share): string {
  return unit === 'percent' ? `${value}%` : value
}

const words = commands.form.faults

const missing: Readonly<Record<TargetKind, string>> = {
  nodes: words.nodes,
  tags: words.tags,
  group: words.group,
  every: words.group,
  other: words.nodes,
}

/** What is wrong with the form, by field; parameters as `parameter NAME`. */
export function faultsOf(form: RunForm, declarations: readonly Declaration[]): Readonly<Record<string, string>> {
  const faults: Record<string, string | undefined> = {
    document: form.document ? undefined : words.document,
    targets: hasTargets(form) ? tooMany(form) : missing[form.kind],
    comment: form.comment.length > 100 ? words.comment : undefined,
    timeout: isWhole(form.timeout, 30, 2_592_000) ? undefined : words.timeout,
    concurrency: shareFault(form.concurrency, 1),
    errors: shareFault(form.errors, 0),
    ...(form.notifies && notificationFaults(form.notifications)),
  }
  for (const declaration of declarations)
    faults[parameterField(declaration.name)] = faultOf(
      declaration,
      form.texts[declaration.name] ?? declaration.default ?? '',
    )
  return Object.fromEntries(Object.entries(faults).flatMap(([name, fault]) => (fault ? [[name, fault]] : [])))
}

export function parameterField(name: string): string {
  return `parameter ${name}`
}

function tooMany({ kind, nodes }: RunForm): string | undefined {
  return kind === 'nodes' && nodes.length > MOST_NODES ? words.tooMany(MOST_NODES) : undefined
}

function notificationFaults({ topic, role, events }: Notifications): Readonly<Record<string, string | undefined>> {
  return {
    topic: TOPIC_ARN.test(topic) ? undefined : words.topic,
    role: ROLE_ARN.test(role) ? undefined : words.role,
    events: events.length > 0 ? undefined : words.events,
  }
}

const TOPIC_ARN = /^arn:aws[a-z-]*:sns:[^:]+:\d{12}:[\w-]+$/
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/

/** The choice with `All` in it, or without: it stands for every other. */
export function chosenEvents(
  last: readonly NotificationEvent[],
  next: readonly NotificationEvent[],
): readonly NotificationEvent[] {
  if (!next.includes('All')) return next
  return last.includes('All') ? next.filter((event) => event !== 'All') : ['All']
}

function shareFault({ value, unit }: Share, least: number): string | undefined {
  if (unit === 'percent') return isWhole(value, Math.min(1, least), 100) ? undefined : words.percent
  return isWhole(value, least, 999_999) ? undefined : words.count
}

function isWhole(text: string, min: number, max: number): boolean {
  return /^\d{1,7}$/.test(text) && Number(text) >= min && Number(text) <= max
}
