/** What the rules of a bucket let pages of other origins do, told to the browsers that ask (CORS). */
import type { Reader } from '#db/database.ts'
import type { CrossOriginAsked } from '#kernel/declare.ts'
import type { Xml, XmlContent } from '#kernel/xml.ts'
import type { CorsRule } from './bucket.ts'
import { findBucket } from './bucket-store.ts'
import { invalidRequest, malformedXml } from './errors.ts'

const METHODS = ['GET', 'PUT', 'HEAD', 'POST', 'DELETE']
const MAX_RULES = 100

/** Undefined if no rule of the bucket allows it. */
export async function crossOriginHeaders(
  reader: Reader,
  asked: CrossOriginAsked,
): Promise<Record<string, string> | undefined> {
  const bucket = await findBucket(reader, asked.bucket)
  const rule = bucket?.settings.cors?.find((one) => allows(one, asked))
  if (!rule) return undefined
  const isOpen = rule.origins.includes('*')
  return {
    'access-control-allow-origin': isOpen ? '*' : asked.origin,
    'access-control-allow-methods': rule.methods.join(', '),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
    ...(!isOpen && { 'access-control-allow-credentials': 'true' }),
    ...(rule.exposed.length > 0 && { 'access-control-expose-headers': rule.exposed.join(', ') }),
    ...(asked.headers.length > 0 && { 'access-control-allow-headers': asked.headers.join(', ') }),
    ...(rule.maxAgeSeconds !== undefined && { 'access-control-max-age': String(rule.maxAgeSeconds) }),
  }
}

function allows({ origins, methods, headers }: CorsRule, asked: CrossOriginAsked): boolean {
  const fits = (patterns: readonly string[], text: string) => patterns.some((pattern) => matches(pattern, text))
  const lower = headers.map((header) => header.toLowerCase())
  return (
    methods.includes(asked.method) &&
    fits(origins, asked.origin) &&
    asked.headers.every((header) => fits(lower, header.toLowerCase()))
  )
}

/** A pattern has one `*` at most, which stands for anything. */
function matches(pattern: string, text: string): boolean {
  const [start = '', end] = pattern.split('*')
  if (end === undefined) return pattern === text
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end)
}

/** Throws `MalformedXML`, `InvalidRequest`. */
export function readCorsRules(xml: Xml): CorsRule[] {
  const rules = xml.all('CORSRule')
  if (rules.length === 0 || rules.length > MAX_RULES) throw malformedXml()
  return rules.map(readRule)
}

function readRule(rule: Xml): CorsRule {
  const texts = (name: string) => rule.all(name).map(({ text }) => text.trim())
  const [methods, origins, headers] = [texts('AllowedMethod'), texts('AllowedOrigin'), texts('AllowedHeader')]
  if (methods.length === 0 || origins.length === 0) throw malformedXml()
  const unknown = methods.find((method) => !METHODS.includes(method))
  if (unknown !== undefined)
    throw invalidRequest(`Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}`)
  const starry = [...origins, ...headers].find((one) => one.split('*').length > 2)
  if (starry !== undefined) {
    const kind = origins.includes(starry) ? 'AllowedOrigin' : 'AllowedHeader'
    throw invalidRequest(`${kind} "${starry}" can not have more than one wildcard.`)
  }
  const age = rule.textOf('MaxAgeSeconds')
  if (age !== undefined && !/^\d{1,10}$/.test(age)) throw malformedXml()
  const id = rule.textOf('ID')
  return {
    methods,
    origins,
    headers,
    exposed: texts('ExposeHeader'),
    ...(id && { id }),
    ...(age !== undefined && { maxAgeSeconds: Number(age) }),
  }
}

export function corsXml(rules: readonly CorsRule[]): XmlContent {
  return {
    CORSRule: rules.map(({ id, methods, origins, headers, exposed, maxAgeSeconds }) => ({
      ID: id,
      AllowedMethod: methods,
      AllowedOrigin: origins,
      AllowedHeader: headers,
      ExposeHeader: exposed,
      MaxAgeSeconds: maxAgeSeconds,
    })),
  }
}
