/** What the simulator is asked, as it stands in the address, and how it is asked of IAM. */
import { type ContextEntry, type EvaluationResult, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam'
import { iam } from '#api/clients/iam.ts'
import { allPages } from '#api/queries.ts'
import { signedIn } from '#api/sign-in.ts'

export interface Question {
  /** The ARN of a user, group or role. */
  readonly principal: string
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  readonly context: readonly { readonly key: string; readonly value: string }[]
}

export function questionFrom(search: URLSearchParams): Question {
  return {
    principal: search.get('principal') ?? '',
    actions: search.getAll('action'),
    resources: search.getAll('resource'),
    context: search.getAll('context').map((text) => {
      const equals = text.indexOf('=')
      return { key: text.slice(0, equals), value: text.slice(equals + 1) }
    }),
  }
}

export function searchFrom({ principal, actions, resources, context }: Question): URLSearchParams {
  return new URLSearchParams([
    ['principal', principal],
    ...actions.map((action) => ['action', action]),
    ...resources.map((resource) => ['resource', resource]),
    ...context.filter(({ key }) => key !== '').map(({ key, value }) => ['context', `${key}=${value}`]),
  ])
}

/** A session of a role may what the role may. */
export function toPrincipal(arn: string): string {
  const [, account, role] = /^arn:aws:sts::(\d+):assumed-role\/([^/]+)\//.exec(arn) ?? []
  return role ? `arn:aws:iam::${account}:role/${role}` : arn
}

/** What of a request can be known is stated, so that conditions on it are decided; what the person states wins. */
export function simulate(question: Question): Promise<EvaluationResult[]> {
  const now = new Date()
  const usual = {
    'aws:CurrentTime': `${now.toISOString().slice(0, 19)}Z`,
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    'aws:RequestedRegion': signedIn()?.region ?? '',
    'aws:SecureTransport': String(location.protocol === 'https:'),
    'aws:ViaAWSService': 'false',
  }
  const stated = Object.fromEntries(question.context.map(({ key, value }) => [key, value]))
  const ContextEntries: ContextEntry[] = Object.entries({ ...usual, ...stated }).map(([key, value]) => ({
    ContextKeyName: key,
    ContextKeyType: value.includes(',') ? 'stringList' : 'string',
    ContextKeyValues: value.split(/,\s?/),
  }))
  const owner = question.resources.map((arn) => /^arn:[^:]+:[^:]*:[^:]*:(\d{12}):/.exec(arn)?.[1]).find(Boolean)
  return allPages(async (Marker) => {
    const answer = await iam().send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: toPrincipal(question.principal),
        ActionNames: [...question.actions],
        ...(question.resources.length > 0 && { ResourceArns: [...question.resources] }),
        ...(owner && { ResourceOwner: `arn:aws:iam::${owner}:root` }),
        ContextEntries,
        Marker,
      }),
    )
    return { items: answer.EvaluationResults ?? [], next: answer.Marker }
  })
}
