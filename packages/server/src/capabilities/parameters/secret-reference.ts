/**
 * References to secrets that another store keeps (PS-15): `/aws/reference/secretsmanager/<name>[:<version or stage>]`. They come through
 * Parameter Store decrypted or not at all, and nothing of them stays here.
 */
import { createHash } from 'node:crypto'
import type { Parameter } from '@steward/model/generated/ssm.ts'
import type { Access, Call, ReadCall } from '#kernel/declare.ts'
import { arn, type Scope } from '#kernel/scope.ts'
import { CURRENT, type Secret, type SecretVersion } from '#kernel/secret-store.ts'
import { badReference, secretNeedsDecryption, secretNotFound } from './errors.ts'
import { isSecretReference, SECRET_REFERENCES, splitArn } from './name.ts'

const NAME = /^[A-Za-z0-9/_+=.@-]{1,512}$/
const STAGE = /^[A-Za-z0-9_.-]{1,256}$/
const VERSION_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A secret as a caller names it. */
export interface SecretReference {
  readonly scope: Scope
  /** As answers echo it, without a selector. */
  readonly spelling: string
  readonly name: string
  /** What is said behind the colon. */
  readonly selector: string | undefined
}

/** Whether a name, or ARN, is a reference to a secret, though maybe none that can be one. */
export function namesSecret(text: string): boolean {
  return isSecretReference(splitArn(text.trim())?.name ?? text.trim())
}

/** Of a name for which {@link namesSecret} is true. Throws `ValidationException`. */
export function parseSecretReference(callers: Scope, text: string): SecretReference {
  const reference = taken(callers, text)
  const { name, selector } = reference
  if (!NAME.test(name) || (selector !== undefined && !STAGE.test(selector))) throw badReference()
  return reference
}

function taken(callers: Scope, text: string): SecretReference {
  const { home: scope, name: whole } = splitArn(text.trim()) ?? { home: callers, name: text.trim() }
  const colon = whole.indexOf(':')
  const spelling = colon < 0 ? whole : whole.slice(0, colon)
  const selector = colon < 0 ? undefined : whole.slice(colon + 1)
  return { scope, spelling, name: spelling.slice(SECRET_REFERENCES.length), selector }
}

/**
 * What a caller must be allowed besides to have these decrypted: `secretsmanager:GetSecretValue`, as on AWS. Whether name and selector are
 * good ones is said to those who may know.
 */
export function secretAccess({ scope }: Call, names: readonly string[]): Access[] {
  return names.filter(namesSecret).map((text) => readingSecret(scope, taken(scope, text).name))
}

function readingSecret(scope: Scope, name: string): Access {
  return {
    action: 'secretsmanager:GetSecretValue',
    resources: [secretArn(scope, name)],
    context: { 'secretsmanager:SecretId': name },
  }
}

/** Names of secrets have six characters behind them in their ARN; here they follow from the name. */
export function secretArn(scope: Scope, name: string): string {
  const ending = createHash('sha256').update(name).digest('base64').replace(/[+/]/g, '').slice(0, 6)
  return arn(scope, 'secretsmanager', `secret:${name}-${ending}`)
}

/** Throws `ValidationException` where it is not to be decrypted, `ParameterNotFound`, and what the store refuses. */
export async function secretParameter(
  { scope, secrets }: Pick<ReadCall, 'scope' | 'secrets'>,
  reference: SecretReference,
  decrypt: boolean | undefined,
): Promise<Parameter> {
  if (!decrypt) throw secretNeedsDecryption()
  const isOwn = reference.scope.account === scope.account && reference.scope.region === scope.region
  const secret = isOwn ? await secrets?.read(scope, reference.name, versionOf(reference)) : undefined
  if (!secret) throw secretNotFound(reference.spelling, reference.selector)
  return toParameter(scope, reference, secret)
}

function versionOf({ selector = CURRENT }: SecretReference): SecretVersion {
  return VERSION_ID.test(selector) ? { id: selector } : { stage: selector }
}

/** As AWS answers it: no data type, and what the store said in the way Java writes it (recorded in October 2021). */
function toParameter(scope: Scope, { spelling, name, selector }: SecretReference, secret: Secret): Parameter {
  const ARN = secret.arn ?? secretArn(scope, name)
  const SourceResult = JSON.stringify({
    ARN,
    name: secret.name,
    versionId: secret.versionId,
    secretString: secret.text,
    versionStages: secret.versionStages,
    createdDate: secret.createdAt && JAVA_DATE.format(secret.createdAt).replace(/\s/g, ' '),
  })
  return {
    Name: spelling,
    Type: 'SecureString',
    ...(secret.text === undefined ? {} : { Value: secret.text }),
    Version: 0,
    ...(selector === undefined ? {} : { Selector: `:${selector}` }),
    SourceResult,
    ...(secret.createdAt && { LastModifiedDate: secret.createdAt }),
    ARN,
  }
}

const JAVA_DATE = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' })
