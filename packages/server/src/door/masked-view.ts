/**
 * How inputs and outputs look in audit records: members in lower camel case as CloudTrail writes them, and everything secret
 * hidden. Secret is what the service model calls sensitive, what is named below, and all bytes.
 */
import { type OperationModel, type ServiceModel, structureRewriter } from '@steward/model'

export const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS'

/** Members that are secret although the models do not say so: by service, for all of its shapes. */
const ALSO_SECRET: Readonly<Record<string, ReadonlySet<string>>> = {
  ec2messages: new Set(['Payload']),
  events: new Set(['Detail', 'HeaderParameters', 'Input', 'InputTransformer', 'QueryStringParameters']),
  iam: new Set(['AuthenticationCode1', 'AuthenticationCode2']),
  kms: new Set(['GrantToken', 'GrantTokens']),
  logs: new Set(['logEventMessages', 'message']),
  // Of a document, its content, and the default values in its description, which are part of it.
  ssm: new Set(['ActivationCode', 'Content', 'DefaultValue', 'TokenValue']),
  sns: new Set(['Message', 'OneTimePassword', 'Token']),
  sts: new Set(['ContextAssertion', 'SessionToken', 'TokenCode']),
}

/** Rewrites a value; adds the texts that it hides to `hidden`. */
type View = (value: unknown, hidden: string[] | undefined) => unknown

/** The views of one service's shapes, made at their first use. */
class ServiceViews {
  readonly #service: ServiceModel
  readonly #done = new Map<string, View>()

  constructor(service: ServiceModel) {
    this.#service = service
  }

  of(shapeName: string): View {
    const known = this.#done.get(shapeName)
    if (known) return known
    // Shapes may contain themselves.
    this.#done.set(shapeName, (value, hidden) => this.#done.get(shapeName)!(value, hidden))
    const view = this.#make(shapeName)
    this.#done.set(shapeName, view)
    return view
  }

  #make(shapeName: string): View {
    const shape = this.#service.shapes[shapeName]!
    if (shape.sensitive || shape.type === 'blob') return hide
    if (shape.type === 'list') {
      const element = this.of(shape.member!.shape)
      if (element === same) return same
      return (value, hidden) => (value as unknown[]).map((one) => (one === null ? null : element(one, hidden)))
    }
    if (shape.type === 'map') {
      const entry = this.of(shape.value!.shape)
      return (value, hidden) => {
        const result: Record<string, unknown> = {}
        for (const key of Object.keys(value as object)) {
          const one = (value as Record<string, unknown>)[key]
          if (one !== undefined) setOwn(result, key, one === null ? null : entry(one, hidden))
        }
        return result
      }
    }
    // As text at once: V8 writes an object that holds a Date four times more slowly.
    if (shape.type === 'timestamp') return (value) => (value instanceof Date ? value.toJSON() : value)
    if (shape.type !== 'structure' || shape.document) return same
    const members = Object.entries(shape.members ?? {}).map(([name, member]) => {
      const view = ALSO_SECRET[this.#service.name]?.has(name) ? hide : this.of(member.shape)
      return { from: name, to: lowerFirst(name), rewrite: view === same ? undefined : view }
    })
    return structureRewriter(members)
  }
}

const same: View = (value) => value

const views = new WeakMap<ServiceModel, ServiceViews>()

function viewsOf(service: ServiceModel): ServiceViews {
  const known = views.get(service) ?? new ServiceViews(service)
  views.set(service, known)
  return known
}

/** An input as a record shows it; what is not there is undefined. Texts that it hides are added to `hidden`, so that they can be kept out of messages too. */
export function maskedInput(model: OperationModel, input: object, hidden?: string[]): unknown {
  return masked(model, model.inputShape, input, hidden)
}

export function maskedOutput(model: OperationModel, output: object): unknown {
  return masked(model, model.outputShape, output, undefined)
}

/** Null when there is nothing to show, as in CloudTrail. */
function masked(
  model: OperationModel,
  shape: string | undefined,
  value: object,
  hidden: string[] | undefined,
): unknown {
  if (shape === undefined) return null
  const shown = viewsOf(model.service).of(shape)(value, hidden) as object
  return Object.values(shown).some((one) => one !== undefined) ? shown : null
}

function hide(value: unknown, hidden: string[] | undefined): unknown {
  if (hidden) collectTexts(value, hidden)
  return HIDDEN
}

function collectTexts(value: unknown, texts: string[]): void {
  if (typeof value === 'string') texts.push(value)
  else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    for (const one of Object.values(value)) collectTexts(one, texts)
  }
}

/** A map may have a key `__proto__`, which must become a member like any other. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true })
  else target[key] = value
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}
