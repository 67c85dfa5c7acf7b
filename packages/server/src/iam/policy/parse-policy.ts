/**
 * Reads policy documents and checks their grammar. The first sentence of a refusal is AWS's; what follows it says where the
 * fault is.
 */
import { ApiError } from '#kernel/api-error.ts'
import type { Condition, Matched, ParsedPolicy, Principals, Statement } from '#kernel/policy.ts'
import { positionAt } from '#kernel/text-position.ts'
import { JsonFault, type Located, type Members, readLocatedJson } from './located-json.ts'
import { operatorNamed, valueFault } from './operators.ts'

/**
 * `identity`: for what principals carry, boundaries and session policies included. `trust`: of a role. `resource`: of anything
 * else that has a policy of its own.
 */
export type PolicyKind = 'identity' | 'trust' | 'resource'

/** Throws an `ApiError` of the given code unless the text is a policy of its kind. */
export function parsePolicy(
  text: string,
  kind: PolicyKind = 'identity',
  code = 'MalformedPolicyDocument',
): ParsedPolicy {
  return new Parser(text, kind, code, false).policy()
}

/**
 * The same for an identity or trust policy that is being put, of which more is asked: whatever was taken once must stay readable, or those
 * who hold it could do nothing any more.
 */
export function parseNewPolicy(text: string, kind: 'identity' | 'trust' = 'identity'): ParsedPolicy {
  return new Parser(text, kind, 'MalformedPolicyDocument', true).policy()
}

const VERSIONS = ['2008-10-17', '2012-10-17'] as const
const POLICY_MEMBERS = ['Version', 'Id', 'Statement']
const STATEMENT_MEMBERS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]
const PRINCIPAL_KINDS = ['AWS', 'Service', 'Federated', 'CanonicalUser']
/** AWS's word for what its older reader of policies, which is stricter, does not take. */
const NOT_LEGACY = 'The policy failed legacy parsing'
const NO_VENDOR = 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'
const IAM_PATHS = [
  'federated-user/',
  'role/',
  'sms-mfa/',
  'user/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'u2f/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
  'root',
]
const PARTITION = /^(?:aws(?:-[a-z-]+)?|\*)$/
const AWS_PRINCIPAL =
  /^(?:\*|\d{12}|A(?:IDA|ROA|NPA|KIA|GPA)[A-Z0-9]+|arn:aws[a-z-]*:(?:iam|sts)::\d{12}:(?:root|(?:user|role|assumed-role|federated-user)\/[\w+=,.@/-]+))$/

class Parser {
  readonly #text: string
  readonly #kind: PolicyKind
  readonly #isNew: boolean
  readonly #code: string

  constructor(text: string, kind: PolicyKind, code: string, isNew: boolean) {
    this.#isNew = isNew
    this.#text = text
    this.#kind = kind
    this.#code = code
  }

  policy(): ParsedPolicy {
    const root = this.#read()
    const members = this.#members(root, 'The policy', POLICY_MEMBERS)
    const version = members.get('Version')
    const statement = members.get('Statement')
    if (!statement) throw this.#syntax('it has no Statement', root, 'The policy')
    const list = Array.isArray(statement.value) ? (statement.value as readonly Located[]) : [statement]
    if (list.length === 0) throw this.#syntax('there must be a statement', statement, 'Statement')
    const statements = list.map((one, i) => this.#statement(one, `Statement[${i}]`))
    this.#checkSids(list, statements)
    return {
      version: version ? this.#version(version) : VERSIONS[0],
      id: this.#optionalText(members.get('Id'), 'Id'),
      statements,
    }
  }

  #read(): Located {
    try {
      return readLocatedJson(this.#text)
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error
      const { line, column } = positionAt(this.#text, error.offset)
      const sentence = this.#kind === 'trust' ? 'This policy contains invalid Json.' : 'Syntax errors in policy.'
      throw new ApiError(this.#code, `${sentence} Line ${line}, column ${column}: ${error.message}`)
    }
  }

  #version(located: Located): ParsedPolicy['version'] {
    const version = VERSIONS.find((known) => known === located.value)
    if (version) return version
    throw this.#syntax(`it must be ${VERSIONS.join(' or ')}`, located, 'Version')
  }

  #statement(located: Located, path: string): Statement {
    const members = this.#members(located, path, STATEMENT_MEMBERS)
    const effect = members.get('Effect')
    if (!effect) throw this.#missing('Effect', located, path)
    if (effect.value !== 'Allow' && effect.value !== 'Deny') throw this.#noEffect(effect, `${path}.Effect`)
    return {
      sid: this.#sid(members.get('Sid'), `${path}.Sid`),
      effect: effect.value,
      principals: this.#principals(members, located, path),
      actions: this.#actions(members, located, path),
      resources: this.#resources(members, located, path),
      conditions: this.#conditions(members.get('Condition'), `${path}.Condition`),
      start: positionAt(this.#text, located.start),
      end: positionAt(this.#text, located.end),
    }
  }

  #sid(located: Located | undefined, path: string): string | undefined {
    const sid = this.#optionalText(located, path)
    if (sid !== undefined && this.#kind !== 'resource' && !/^[0-9A-Za-z]*$/.test(sid)) {
      throw this.#fault(
        'Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*',
        located!,
        path,
      )
    }
    return sid
  }

  #checkSids(list: readonly Located[], statements: readonly Statement[]): void {
    const seen = new Set<string>()
    for (const [i, { sid }] of statements.entries()) {
      if (!sid) continue
      if (seen.has(sid)) {
        throw this.#fault('Statement IDs (SID) in a single policy must be unique.', list[i]!, `Statement[${i}]`)
      }
      seen.add(sid)
    }
  }

  #principals(members: Members, statement: Located, path: string): Matched<Principals> | undefined {
    const found = this.#either(members, 'Principal', 'NotPrincipal', path)
    if (this.#kind === 'identity') {
      if (found) throw this.#fault('Policy document should not specify a principal.', found.located, found.path)
      return undefined
    }
    if (!found) throw this.#missing('Principal', statement, path)
    if (this.#kind === 'trust' && this.#isNew) this.#checkTrusted(found)
    if (found.located.value === '*') return { negated: found.negated, listed: { AWS: ['*'] } }
    const kinds = this.#members(found.located, found.path, PRINCIPAL_KINDS)
    if (kinds.size === 0)
      throw this.#fault('Missing required field Principal cannot be empty!', found.located, found.path)
    const listed: Record<string, string[]> = {}
    for (const [kind, names] of kinds) {
      listed[kind] = this.#list(names, `${found.path}.${kind}`).map(({ text, located, path: at }) => {
        if (kind !== 'AWS' || AWS_PRINCIPAL.test(text)) return text
        throw this.#fault(`Invalid principal in policy: "AWS":"${text}"`, located, at)
      })
    }
    return { negated: found.negated, listed }
  }

  /** Who may assume a role is listed, and everybody is `{"AWS": "*"}`. */
  #checkTrusted({ located, negated, path }: { located: Located; negated: boolean; path: string }): void {
    if (negated) throw this.#fault('AssumeRole policy must not contain NotPrincipal field.', located, path)
    if (located.value !== '*') return
    throw this.#fault('AssumeRolepolicy contained an invalid principal: "STAR":"*".', located, path)
  }

  #actions(members: Members, statement: Located, path: string): Matched<readonly string[]> {
    const found = this.#either(members, 'Action', 'NotAction', path)
    if (!found) throw this.#missing('Action', statement, path)
    const actions = this.#list(found.located, found.path)
    if (actions.length === 0) throw this.#fault('Policy statement must contain actions.', found.located, found.path)
    for (const { text, located, path: at } of actions) {
      const sentence = actionFault(text)
      if (sentence) throw this.#fault(sentence, located, `${at} '${text}'`)
      if (this.#kind === 'trust' && !/^(?:\*|sts:)/i.test(text)) {
        throw this.#fault('AssumeRole policy may only specify STS AssumeRole actions.', located, at)
      }
    }
    return { negated: found.negated, listed: actions.map(({ text }) => text) }
  }

  #resources(members: Members, statement: Located, path: string): Matched<readonly string[]> | undefined {
    const found = this.#either(members, 'Resource', 'NotResource', path)
    if (!found) {
      if (this.#kind === 'identity') throw this.#missing('Resource', statement, path)
      return undefined
    }
    if (this.#kind === 'trust') throw this.#fault('Has prohibited field Resource', found.located, found.path)
    const resources = this.#list(found.located, found.path)
    if (resources.length === 0) throw this.#fault('Policy statement must contain resources.', found.located, found.path)
    for (const { text, located, path: at } of resources) {
      const sentence = resourceFault(text) ?? (this.#isNew ? shortArnFault(text) : undefined)
      if (sentence) throw this.#fault(sentence, located, at)
    }
    return { negated: found.negated, listed: resources.map(({ text }) => text) }
  }

  #conditions(located: Located | undefined, path: string): Condition[] {
    if (!located) return []
    return [...this.#members(located, path)].flatMap(([operator, keys]) => {
      const at = `${path}.${operator}`
      const known = operatorNamed(operator)
      if (!known) throw this.#unknownOperator(operator, keys, at)
      return [...this.#members(keys, at)].map(([key, listed]) => {
        if (!/^[^:]+:./.test(key)) {
          throw this.#fault(NO_VENDOR, listed, `${at}.${key}`)
        }
        const values = this.#list(listed, `${at}.${key}`)
        for (const value of values) {
          const fault = valueFault(known, value.text)
          if (!fault) continue
          const isDate = this.#kind === 'identity' && known.base.startsWith('Date')
          throw isDate
            ? this.#fault(NOT_LEGACY, value.located, value.path)
            : this.#syntax(fault, value.located, value.path)
        }
        return { operator, key, values: values.map(({ text }) => text) }
      })
    })
  }

  #either(members: Members, plain: string, negation: string, path: string) {
    const [yes, no] = [members.get(plain), members.get(negation)]
    if (yes && no) throw this.#syntax(`${plain} and ${negation} exclude each other`, no, `${path}.${negation}`)
    const located = yes ?? no
    return located && { located, negated: located === no, path: `${path}.${yes ? plain : negation}` }
  }

  #members(located: Located, path: string, known?: readonly string[]): Members {
    if (!(located.value instanceof Map)) throw this.#syntax('it must be an object', located, path)
    const members = located.value as Members
    for (const [name, member] of known ? members : []) {
      if (!known!.includes(name)) throw this.#syntax(`'${name}' is no element of a policy here`, member, path)
    }
    return members
  }

  /** A text, or a list of texts; numbers and booleans count as what they are written like. */
  #list(located: Located, path: string): { text: string; located: Located; path: string }[] {
    const list = Array.isArray(located.value)
      ? (located.value as readonly Located[]).map((item, i) => ({ located: item, path: `${path}[${i}]` }))
      : [{ located, path }]
    return list.map((item) => {
      const { value } = item.located
      if (value !== null && typeof value !== 'object') return { ...item, text: String(value) }
      throw this.#syntax('it must be a text or a list of texts', item.located, item.path)
    })
  }

  #optionalText(located: Located | undefined, path: string): string | undefined {
    if (located === undefined) return undefined
    if (typeof located.value === 'string') return located.value
    throw this.#syntax('it must be a text', located, path)
  }

  /** In what principals carry AWS does not name the element. */
  #missing(element: 'Effect' | 'Principal' | 'Action' | 'Resource', statement: Located, path: string): ApiError {
    if (this.#kind !== 'identity') return this.#fault(`Missing required field ${element}`, statement, path)
    if (element === 'Effect') return this.#syntax('it has no Effect', statement, path)
    return this.#fault(`Policy statement must contain ${element.toLowerCase()}s.`, statement, path)
  }

  #noEffect(effect: Located, path: string): ApiError {
    const inOtherLetters = typeof effect.value === 'string' && /^(?:allow|deny)$/i.test(effect.value)
    return inOtherLetters && this.#kind === 'identity'
      ? this.#fault(NOT_LEGACY, effect, path)
      : this.#syntax("it must be 'Allow' or 'Deny'", effect, path)
  }

  #unknownOperator(operator: string, keys: Located, path: string): ApiError {
    return this.#kind === 'identity'
      ? this.#syntax('there is no such operator', keys, path)
      : this.#fault(`Invalid Condition type : ${operator}.`, keys, path)
  }

  #syntax(what: string, located: Located, path: string): ApiError {
    return this.#fault(`Syntax errors in policy. ${path}: ${what}.`, located)
  }

  #fault(sentence: string, { start }: Located, path?: string): ApiError {
    const { line, column } = positionAt(this.#text, start)
    return new ApiError(this.#code, `${sentence} (${path ? `${path}, ` : ''}line ${line}, column ${column})`)
  }
}

function actionFault(text: string): string | undefined {
  const [vendor, ...names] = text.split(':') as [string, ...string[]]
  if (text === '*') return undefined
  if (names.length === 0) return NO_VENDOR
  if (names.length > 1) return 'Actions/Condition can contain only one colon.'
  return vendor === '*' || /^[A-Za-z0-9.-]+$/.test(vendor) ? undefined : `Vendor ${vendor} is not valid`
}

/** An ARN may lack parts at its end, which are `*` then, but no part may be empty before them, unless a wildcard is the last. */
function shortArnFault(text: string): string | undefined {
  if (text === '*' || text.split(':').length >= 6 || !text.includes('::') || /[*?]$/.test(text)) return undefined
  return NOT_LEGACY
}

function resourceFault(text: string): string | undefined {
  if (text === '*') return undefined
  const [prefix, partition = '', service, region, , ...path] = text.split(':')
  if (prefix !== 'arn' || !service) return `Resource ${text} must be in ARN format or "*".`
  if (!PARTITION.test(partition)) return `Partition "${partition}" is not valid for resource "${text}".`
  if (/[*?]/.test(service)) return 'Resource vendor must be fully qualified and cannot contain regexes.'
  if (service !== 'iam') return undefined
  if (region && region !== '*') return `IAM resource ${text} cannot contain region information.`
  if (path.length === 0 || /^[*?]/.test(path[0]!) || IAM_PATHS.some((kind) => path[0]!.startsWith(kind)))
    return undefined
  return `IAM resource path must either be "*" or start with ${IAM_PATHS.join(', ')}.`
}
