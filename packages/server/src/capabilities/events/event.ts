import type { Scope } from '#kernel/scope.ts'

/** An event as rules match it and targets get it (EVT-01). Members in the order in which AWS writes them. */
export interface BusEvent {
  readonly version: '0'
  readonly id: string
  readonly 'detail-type': string
  readonly source: string
  readonly account: string
  /** ISO, in whole seconds. */
  readonly time: string
  readonly region: string
  readonly resources: readonly string[]
  readonly detail: Readonly<Record<string, unknown>>
}

/** What the owner of a change says of it. */
export interface Happening {
  /** Default `aws.ssm`. */
  readonly source?: string
  readonly detailType: string
  readonly resources: readonly string[]
  readonly detail: Readonly<Record<string, unknown>>
  /** What it happened to: events about the same thing are delivered in order. Default: the first resource. */
  readonly about?: string
}

export function toEvent(scope: Scope, id: string, at: Date, happening: Happening): BusEvent {
  return {
    version: '0',
    id,
    'detail-type': happening.detailType,
    source: happening.source ?? 'aws.ssm',
    account: scope.account,
    time: wholeSeconds(at),
    region: scope.region,
    resources: happening.resources,
    detail: happening.detail,
  }
}

export function aboutOf({ about, resources, source, detailType }: Happening): string {
  return about ?? resources[0] ?? `${source} ${detailType}`
}

/** The time of an event: whole seconds, without a fraction. */
export function wholeSeconds(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`
}
