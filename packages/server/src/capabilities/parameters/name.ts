/**
 * Names of parameters. `foo` and `/foo` are one parameter: its key is the name with the leading slash. All characters of keys
 * are ASCII and `/` is followed by `0`, so what lies under `/a` is exactly the range from `/a/` up to `/a0`.
 */
import { arn, type Scope } from '#kernel/scope.ts'
import {
  badName,
  badPath,
  badReference,
  hierarchyTooDeep,
  nameTooLong,
  notFullyQualified,
  reservedName,
  reservedPrefix,
} from './errors.ts'

const NAME_AND_ARN = 1011
const LEVELS = 15
const LABEL_LENGTH = 100
const SEGMENTS = /^\/?[a-zA-Z0-9_.-]+(?:\/[a-zA-Z0-9_.-]+)*$/

/** A parameter as a caller names it. */
export interface ParameterRef {
  /** Whose it is: the caller's scope, or that of the ARN. */
  readonly scope: Scope
  readonly key: string
  /** As answers echo it; undefined for one named by its ARN, which gets the stored spelling. */
  readonly spelling: string | undefined
  /** What is said behind the colon; undefined for the latest version. */
  readonly selector: Selector | undefined
}

export type Selector = { readonly text: string } & ({ readonly version: number } | { readonly label: string })

/** The key of a name whose grammar was checked. */
export function keyOf(name: string): string {
  return name.startsWith('/') ? name : `/${name}`
}

/** What a key lies in: `/a` for `/a/b`, `/` for `/a`. */
export function parentOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/')) || '/'
}

/** The keys under a path: greater than `after`, less than `before`. */
export function rangeUnder(path: string): { after: string; before: string } {
  return path === '/' ? { after: '/', before: '0' } : { after: `${path}/`, before: `${path}0` }
}

export function parameterArn(scope: Scope, key: string): string {
  return arn(isPublic(key) ? { ...scope, account: '' } : scope, 'ssm', `parameter${key}`)
}

/** The key in an ARN's resource part; undefined if that is no parameter. */
export function keyOfResource(resource: string): string | undefined {
  return resource.startsWith('parameter/') ? resource.slice('parameter'.length) : undefined
}

/** Under `/aws/service/` is what everybody may read and nobody may write (PS-16). */
export function isPublic(key: string): boolean {
  return key.startsWith('/aws/service/')
}

/** What names of secrets elsewhere begin with (PS-15). */
export const SECRET_REFERENCES = '/aws/reference/secretsmanager/'

export function isSecretReference(key: string): boolean {
  return key.startsWith(SECRET_REFERENCES)
}

/** The name of a parameter that is to be written, without spaces around it. Throws where it breaks a rule of names (PS-02). */
export function nameToWrite(scope: Scope, text: string): string {
  const name = text.trim()
  checkPrefix(name)
  if (!SEGMENTS.test(name)) throw badName()
  if (!name.startsWith('/') && name.includes('/')) throw notFullyQualified()
  if (keyOf(name).split('/').length - 1 > LEVELS) throw hierarchyTooDeep()
  if (parameterArn(scope, keyOf(name)).length > NAME_AND_ARN) throw nameTooLong(NAME_AND_ARN)
  return name
}

function checkPrefix(name: string): void {
  if (!/^\/?(?:aws|ssm)/i.test(name)) return
  const isPath = name.lastIndexOf('/') > 0
  if (!isPath) throw reservedPrefix()
  if (/^\/?aws/i.test(name)) throw reservedName(name)
  throw badName()
}

/** A parameter and maybe a version, by name or ARN. Throws `ValidationException`. */
export function parseReference(scope: Scope, text: string): ParameterRef {
  const split = splitArn(text.trim())
  const whole = split?.name ?? text.trim()
  const colon = whole.indexOf(':')
  const name = colon < 0 ? whole : whole.slice(0, colon)
  if (name === '') throw badReference()
  // Seen: a read says the same of a hierarchy without its first slash, where a write has a sentence of its own.
  if (!SEGMENTS.test(name) || (!name.startsWith('/') && name.includes('/'))) throw badName()
  return {
    scope: split ? { account: split.home.account || scope.account, region: split.home.region } : scope,
    key: keyOf(name),
    spelling: split ? undefined : name,
    selector: colon < 0 ? undefined : parseSelector(whole.slice(colon + 1)),
  }
}

/**
 * The ARN of what a caller's words name, whether or not they are a good name: that is said to those who may know. For a good one
 * it is the ARN of what {@link parseReference} finds, however it is spelled.
 */
export function namedArn(scope: Scope, text: string): string {
  const { home, name } = splitArn(text.trim()) ?? { home: scope, name: text.trim() }
  const plain = name.replace(/(?<=.):.*$/s, '').replace(/(?<=.)\/+$/, '')
  return parameterArn({ account: home.account || scope.account, region: home.region }, keyOf(plain))
}

/** A parameter as a whole, by name or ARN: a version of it may not be named. */
export function parseWholeReference(scope: Scope, text: string): ParameterRef {
  const ref = parseReference(scope, text)
  if (ref.selector) throw badReference()
  return ref
}

/** As {@link parseWholeReference}, for changes: a parameter of the caller's own account and Region. */
export function parseOwnReference(scope: Scope, text: string): ParameterRef {
  const ref = parseWholeReference(scope, text)
  if (ref.scope.account !== scope.account || ref.scope.region !== scope.region) throw badReference()
  return ref
}

/** The parts of a parameter's ARN; undefined for a name. Public parameters have no account in theirs. */
export function splitArn(text: string): { home: Scope; name: string } | undefined {
  const [, region, account, name] = /^arn:[^:]+:ssm:([^:]*):(\d{12}|):parameter\/(.+)$/s.exec(text) ?? []
  if (region === undefined || account === undefined || name === undefined) return undefined
  return { home: { account, region }, name: `/${name}` }
}

function parseSelector(text: string): Selector {
  if (/^\d+$/.test(text)) return { text, version: Number(text) }
  if (text === '' || text.includes(':') || text.length > LABEL_LENGTH) throw badReference()
  return { text, label: text }
}

/** A path for reading what lies under it, without a slash at its end. */
export function parsePath(text: string): string {
  const path = text.trim()
  if (path === '/') return path
  const [, inner] = /^(\/.*?)\/?$/.exec(path) ?? []
  if (inner === undefined || !SEGMENTS.test(inner)) throw badPath()
  if (inner.split('/').length - 1 > LEVELS) throw hierarchyTooDeep()
  return inner
}
