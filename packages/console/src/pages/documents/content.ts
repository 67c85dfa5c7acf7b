/** What a document's content says, as far as it has the usual form. */

export interface Parameter {
  readonly name: string
  readonly type: string
  readonly description: string
  /** As text; undefined: it must be given. */
  readonly default: string | undefined
  readonly allowedValues: readonly string[]
  readonly allowedPattern: string | undefined
  readonly minChars: string | undefined
  readonly maxChars: string | undefined
}

export interface Step {
  readonly number: number
  readonly name: string
  readonly action: string
  readonly description: string | undefined
  /** Two texts that must be equal for the step to be done. */
  readonly precondition: readonly [string, string] | undefined
  readonly onFailure: string | undefined
}

export function parametersOf(json: string): Parameter[] {
  return Object.entries(asMap(asMap(read(json)).parameters)).map(([name, declaration]) => {
    const { type, description, default: usual, allowedValues, allowedPattern, minChars, maxChars } = asMap(declaration)
    return {
      name,
      type: text(type) ?? 'String',
      description: text(description) ?? '',
      default: usual === undefined ? undefined : (text(usual) ?? ''),
      allowedValues: asList(allowedValues).map((value) => text(value) ?? ''),
      allowedPattern: text(allowedPattern),
      minChars: text(minChars),
      maxChars: text(maxChars),
    }
  })
}

/** The steps of schema versions with `mainSteps`, and the plugins of 1.2. */
export function stepsOf(json: string): Step[] {
  const { mainSteps, runtimeConfig } = asMap(read(json))
  if (runtimeConfig) {
    const plugins = Object.keys(asMap(runtimeConfig))
    return plugins.map((action, index) => ({ ...NO_STEP, number: index + 1, name: action, action }))
  }
  return asList(mainSteps).map((step, index) => {
    const { name, action, description, precondition, onFailure } = asMap(step)
    const [one, other] = asList(asMap(precondition).StringEquals).map(text)
    return {
      number: index + 1,
      name: text(name) ?? '',
      action: text(action) ?? '',
      description: text(description),
      precondition: one !== undefined && other !== undefined ? [one, other] : undefined,
      onFailure: text(onFailure),
    }
  })
}

/** Of a Session document: a shell, a command, or a port. */
export function sessionTypeOf(json: string): string | undefined {
  return text(asMap(read(json)).sessionType)
}

const NO_STEP = { description: undefined, precondition: undefined, onFailure: undefined }

function read(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    // Packages and the like have contents of their own.
    return undefined
  }
}

function text(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function asMap(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
