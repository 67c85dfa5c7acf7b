import type { Scope } from '#kernel/scope.ts'
import { aliasOfAlias, invalidArn, invalidKeyId } from './errors.ts'
import { aliasArn, keyArn } from './key.ts'

/** What a `KeyId` names: a key by its id, or an alias by its name with `alias/` in front; `scope` is that of its ARN. */
export type KeyReference =
  | { readonly kind: 'key'; readonly scope: Scope; readonly keyId: string }
  | { readonly kind: 'alias'; readonly scope: Scope; readonly name: string }

/** Of a key of one Region, or of several; there are none of the latter, but they may be asked for. */
const KEY_ID = /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/
const ARN = /^arn:aws[a-z-]*:kms:([^:]*):(\d{12}):(key|alias)\/(.+)$/

/**
 * Reads an id, an ARN, `alias/…`, or an alias' ARN. Throws `NotFoundException`, as AWS does for what cannot be a key's name.
 */
export function parseKeyReference(scope: Scope, text: string): KeyReference {
  if (text.startsWith('arn:')) return fromArn(scope, text)
  if (text.startsWith('alias/')) return { kind: 'alias', scope, name: text }
  if (KEY_ID.test(text.toLowerCase())) return { kind: 'key', scope, keyId: text.toLowerCase() }
  throw invalidKeyId(text)
}

/** Whether the text can name a key or an alias of this Region at all. */
export function isKeyReference(scope: Scope, text: string): boolean {
  const [, region] = ARN.exec(text) ?? []
  if (region !== undefined) return region === scope.region
  return text.startsWith('alias/') || KEY_ID.test(text.toLowerCase())
}

function fromArn({ region: here }: Scope, text: string): KeyReference {
  const [, region, account, kind, id] = ARN.exec(text) ?? []
  if (!account || !id) throw invalidArn(text)
  if (region !== here) throw invalidArn(region ?? '')
  const scope = { account, region }
  return kind === 'alias' ? { kind, scope, name: `alias/${id}` } : { kind: 'key', scope, keyId: id }
}

/** The ARN that the reference stands for. */
export function referenceArn(reference: KeyReference): string {
  return reference.kind === 'alias'
    ? aliasArn(reference.scope, reference.name)
    : keyArn(reference.scope, reference.keyId)
}

/** For operations that take a key's id or ARN, and no alias. Throws `NotFoundException`. */
export function withoutAlias(text: string): string {
  if (namesAlias(text)) throw invalidKeyId(text)
  return text
}

/** The same for what an alias is to point at. Throws `ValidationException`, as AWS does there. */
export function aliasTarget(text: string): string {
  if (namesAlias(text)) throw aliasOfAlias()
  return text
}

function namesAlias(text: string): boolean {
  return text.startsWith('alias/') || /^arn:[^:]*:kms:[^:]*:[^:]*:alias\//.test(text)
}
