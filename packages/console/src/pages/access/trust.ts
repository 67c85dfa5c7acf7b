/** Trust policies of roles: who may take them. */

interface TrustStatement {
  readonly Effect?: string
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>
}

/** Whom a trust policy names, in short: `user/ann`, `ssm.amazonaws.com`, the host of a provider. */
export function trustedBy(document: string): string[] {
  const named = statementsOf(document).flatMap(({ Effect, Principal }) => {
    if (Effect !== 'Allow' || !Principal) return []
    return typeof Principal === 'string' ? [Principal] : Object.values(Principal).flat()
  })
  return [...new Set(named.map(inShort))]
}

function statementsOf(document: string): TrustStatement[] {
  try {
    const { Statement = [] } = JSON.parse(document) as { Statement?: TrustStatement | TrustStatement[] }
    return [Statement].flat()
  } catch {
    return []
  }
}

function inShort(principal: string): string {
  const [, account, resource] = /^arn:aws:iam::(\d{12}):(.+)$/.exec(principal) ?? []
  if (resource === 'root') return `account ${account}`
  return resource?.replace(/^oidc-provider\//, '') ?? principal
}

/** Whom a new role is for. */
export type Trusted =
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'principal'; readonly arns: readonly string[] }
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'provider'; readonly arn: string; readonly audience: string; readonly subject: string }

export function trustDocument(trusted: Trusted, needsMfa: boolean): string {
  return JSON.stringify(
    { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement(trusted, needsMfa) }] },
    null,
    2,
  )
}

function statement(trusted: Trusted, needsMfa: boolean): object {
  const condition = needsMfa ? { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } } : {}
  switch (trusted.kind) {
    case 'account':
      return { Principal: { AWS: `arn:aws:iam::${trusted.account}:root` }, Action: 'sts:AssumeRole', ...condition }
    case 'principal':
      return { Principal: { AWS: trusted.arns }, Action: 'sts:AssumeRole', ...condition }
    case 'service':
      return { Principal: { Service: trusted.service }, Action: 'sts:AssumeRole' }
    case 'provider': {
      const url = trusted.arn.split(':oidc-provider/')[1]
      const subject = trusted.subject ? { StringLike: { [`${url}:sub`]: trusted.subject } } : {}
      return {
        Principal: { Federated: trusted.arn },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${url}:aud`]: trusted.audience }, ...subject },
      }
    }
  }
}
