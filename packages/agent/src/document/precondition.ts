/*
 * Preconditions of a step (schema 2.2): only StringEquals with two arguments, one of which is the word platformType or
 * contains a parameter. The sentences are those that Amazon's agent answers with.
 */
import { fillIn, type ParameterValues, textOf } from '#document/parameter-references.ts'

export type PreconditionVerdict = {
  satisfied: boolean
  /** Why not; or, when satisfied, why the precondition cannot be relied on. */
  complaints: string[]
}

/** Evaluates a step's preconditions on a platform (`Linux`, `MacOS`, `Windows`). */
export function evaluatePreconditions(
  preconditions: { [operator: string]: unknown },
  values: ParameterValues,
  platformType: string,
): PreconditionVerdict {
  const verdicts = Object.entries(preconditions).map(([operator, value]) => {
    if (operator !== 'StringEquals') return complaint(`unrecognized operator: "${operator}"`)
    return stringEquals(Array.isArray(value) ? value.map(textOf) : [], values, platformType)
  })
  return {
    satisfied: verdicts.every(({ satisfied }) => satisfied),
    complaints: verdicts.flatMap(({ complaints }) => complaints),
  }
}

function stringEquals(initial: string[], values: ParameterValues, platformType: string): PreconditionVerdict {
  const [a, b] = initial
  if (a === undefined || b === undefined || initial.length !== 2) {
    return stringEqualsComplaint('operator accepts exactly 2 arguments')
  }
  if (a === b) {
    return stringEqualsComplaint(a === platformVariable ? `[${a} ${b}]` : "operator's arguments can't be identical")
  }
  if (initial.some((text) => /\{\{ *ssm:/.test(text))) {
    return stringEqualsComplaint("operator's arguments can't contain SSM parameters")
  }
  if (initial.some((text) => /\{\{ *ssm-secure:/.test(text))) {
    return stringEqualsComplaint("operator's arguments can't contain secure SSM parameters")
  }
  const resolved = initial.map((text) => textOf(fillIn(text, values)))
  if (a === platformVariable || b === platformVariable) return platformEquals(initial, resolved, platformType)
  if (resolved[0] === a && resolved[1] === b) {
    return stringEqualsComplaint("at least one of operator's arguments must contain a valid document parameter")
  }
  return resolved[0] === resolved[1] ? holds : unsatisfied(initial)
}

const platformVariable = 'platformType'

function platformEquals(initial: string[], resolved: string[], platformType: string): PreconditionVerdict {
  const other = initial[0] === platformVariable ? 1 : 0
  if (initial[other]!.toLowerCase() !== resolved[other]!.toLowerCase()) {
    return stringEqualsComplaint("the second argument for the platformType variable can't contain document parameters")
  }
  return initial[other]!.toLowerCase() === platformType.toLowerCase() ? holds : unsatisfied(initial)
}

const holds: PreconditionVerdict = { satisfied: true, complaints: [] }

function unsatisfied(initial: string[]): PreconditionVerdict {
  return { satisfied: false, complaints: [`"StringEquals": [${initial.join(', ')}]`] }
}

function stringEqualsComplaint(sentence: string): PreconditionVerdict {
  return complaint(`"StringEquals": ${sentence}`)
}

function complaint(sentence: string): PreconditionVerdict {
  return { satisfied: true, complaints: [sentence] }
}
