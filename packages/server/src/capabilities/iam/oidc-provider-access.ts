import type { Access, Call } from '#kernel/declare.ts'
import { noSuchProvider } from './errors.ts'
import { findProvider, type OidcProvider } from './oidc-provider-store.ts'

/** One action on a provider of web identities. */
export function onProvider(action: string, arn: string, context: NonNullable<Access['context']> = {}): Access {
  return { action, resources: [arn], context }
}

/** Throws `NoSuchEntity`. */
export async function mustFindProvider({ db, scope }: Call, arn: string): Promise<OidcProvider> {
  const provider = await findProvider(db, scope.account, arn)
  if (!provider) throw noSuchProvider(arn)
  return provider
}
