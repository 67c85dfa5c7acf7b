/** Rules by which objects end. Only what ends objects and uploads is built: nothing moves to another storage class. */

import { ApiError } from '#kernel/api-error.ts'
import type { Xml, XmlContent } from '#kernel/xml.ts'
import type { LifecycleRule } from './bucket.ts'
import { invalidArgument, invalidRequest, malformedXml, notImplemented } from './errors.ts'
import type { StoredObject } from './object.ts'

const MAX_RULES = 1000
const DAY_MS = 86_400_000
const UNBUILT = ['Transition', 'NoncurrentVersionExpiration', 'NoncurrentVersionTransition']

/** Throws `MalformedXML`, `InvalidArgument`, `NotImplemented`. */
export function readRules(xml: Xml): LifecycleRule[] {
  const rules = xml.all('Rule')
  if (rules.length === 0 || rules.length > MAX_RULES) throw malformedXml()
  const read = rules.map((rule, index) => readRule(rule, index))
  if (new Set(read.map(({ id }) => id)).size < read.length)
    throw invalidArgument('Rule ID must be unique. Found same ID for more than one rule')
  return read
}

function readRule(rule: Xml, index: number): LifecycleRule {
  const unbuilt = UNBUILT.find((name) => rule.first(name))
  if (unbuilt) throw notImplemented(`${unbuilt} in a lifecycle rule`)
  const status = rule.textOf('Status')
  if (status !== 'Enabled' && status !== 'Disabled') throw malformedXml()
  const expiration = rule.first('Expiration')
  const days = wholeDays(expiration?.textOf('Days'), 'Days')
  const date = expiration?.textOf('Date')
  const abort = rule.first('AbortIncompleteMultipartUpload')
  const abortDays = wholeDays(abort?.textOf('DaysAfterInitiation'), 'DaysAfterInitiation')
  const markers = expiration?.textOf('ExpiredObjectDeleteMarker')
  if (!days && !date && !abortDays && markers === undefined)
    throw invalidRequest('At least one action needs to be specified in a rule.')
  if (date !== undefined && !/^\d{4}-\d\d-\d\d(T00:00:00(\.000)?Z)?$/.test(date))
    throw invalidArgument("'Date' must be at midnight GMT")
  return {
    id: rule.textOf('ID') || `rule-${index + 1}`,
    enabled: status === 'Enabled',
    ...readFilter(rule),
    ...(days && { expireDays: days }),
    ...(date && { expireDate: new Date(date).toISOString() }),
    ...(markers !== undefined && { expireDeleteMarkers: markers === 'true' }),
    ...(abortDays && { abortUploadDays: abortDays }),
  }
}

function readFilter(rule: Xml): Pick<LifecycleRule, 'prefix' | 'tags' | 'plainPrefix'> {
  const filter = rule.first('Filter')
  if (!filter) {
    if (!rule.first('Prefix')) throw malformedXml()
    return { prefix: rule.first('Prefix')!.text, tags: {}, plainPrefix: true }
  }
  const by = filter.first('And') ?? filter
  if (by.first('ObjectSizeGreaterThan') || by.first('ObjectSizeLessThan'))
    throw notImplemented('object sizes in a lifecycle rule')
  const tags = by.all('Tag').map((tag) => [tag.textOf('Key') ?? '', tag.first('Value')?.text ?? ''])
  return { prefix: by.first('Prefix')?.text ?? '', tags: Object.fromEntries(tags), plainPrefix: false }
}

function wholeDays(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,6}$/.test(text) || Number(text) < 1)
    throw new ApiError('InvalidArgument', `'${name}' for Expiration action must be a positive integer`)
  return Number(text)
}

export function rulesXml(rules: readonly LifecycleRule[]): XmlContent {
  return {
    Rule: rules.map(({ id, enabled, prefix, tags, plainPrefix, abortUploadDays, ...rule }) => ({
      ID: id,
      ...(plainPrefix ? { Prefix: prefix } : { Filter: filterXml(prefix, tags) }),
      Status: enabled ? 'Enabled' : 'Disabled',
      Expiration: expirationXml(rule),
      AbortIncompleteMultipartUpload: abortUploadDays ? { DaysAfterInitiation: abortUploadDays } : undefined,
    })),
  }
}

function expirationXml(rule: Partial<LifecycleRule>): XmlContent | undefined {
  const { expireDays, expireDate, expireDeleteMarkers } = rule
  if (!expireDays && !expireDate && expireDeleteMarkers === undefined) return undefined
  return { Days: expireDays, Date: expireDate, ExpiredObjectDeleteMarker: expireDeleteMarkers }
}

function filterXml(prefix: string, tags: LifecycleRule['tags']): XmlContent {
  const Tag = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  if (Tag.length === 0) return { Prefix: prefix }
  return Tag.length === 1 && prefix === '' ? { Tag } : { And: { Prefix: prefix === '' ? undefined : prefix, Tag } }
}

/** Days end at midnight: an object goes at the first one that is so many days behind its making. */
export function isExpired(rule: LifecycleRule, { key, modifiedAt, attributes }: StoredObject, now: Date): boolean {
  if (!rule.enabled || !key.startsWith(rule.prefix)) return false
  if (Object.entries(rule.tags).some(([tag, value]) => attributes.tags[tag] !== value)) return false
  if (rule.expireDate !== undefined && now >= new Date(rule.expireDate)) return true
  return rule.expireDays !== undefined && now >= midnightAfter(modifiedAt, rule.expireDays)
}

export function midnightAfter(start: Date, days: number): Date {
  return new Date(Math.ceil((start.getTime() + days * DAY_MS) / DAY_MS) * DAY_MS)
}
