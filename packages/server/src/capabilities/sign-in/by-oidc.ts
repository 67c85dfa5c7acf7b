/**
 * Single sign-on: the authorization code flow of OpenID Connect with PKCE and a nonce. The server keeps verifier and nonce and exchanges
 * the code itself, so the browser sees no token. Whether the person may have the role is what the role's trust policy says of the token,
 * as for every other web identity.
 */
import { hash } from 'node:crypto'
import type { BeginOidcSignInResult, SignInResult } from '@steward/model/generated/steward.ts'
import { findProvider, noteRoleUse, type OidcProvider, providerUrl } from '#capabilities/iam/index.ts'
import {
  discoveredIssuer,
  fetchJson,
  IssuerUnreachable,
  provenIdentity,
  rolePrincipal,
  roleTrusting,
  type WebIdentity,
  webSession,
} from '#capabilities/identity/index.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { SingleSignOn } from '#kernel/config.ts'
import type { OpenCall } from '#kernel/declare.ts'
import { beginAttempt, endAttempt } from './attempts.ts'
import { openSession } from './console-session.ts'
import { providerFailed, refused } from './errors.ts'
import { addTicket, takeTicket } from './tickets.ts'

/** What must come back with the code. */
interface Begun {
  readonly providerId: string
  readonly nonce: string
  readonly verifier: string
  readonly redirectUri: string
}

/** Where to send the person. Throws `IdentityProviderException`, `TooManyAttemptsException`. */
export async function beginOidc(call: OpenCall, sso: SingleSignOn): Promise<BeginOidcSignInResult> {
  const { now, ids, sourceIp, origin } = call
  const begun: Begun = {
    providerId: sso.id,
    nonce: ids.secret(43),
    verifier: ids.secret(64),
    redirectUri: `${origin}/console/signed-in`,
  }
  const { secret, expiresAt } = await call.write(async (tx) => {
    await beginAttempt(tx, now, sourceIp, undefined)
    return addTicket(tx, call, 'oidc', begun)
  })
  const { authorizationEndpoint } = await issuerOf(call, sso)
  if (!authorizationEndpoint) throw providerFailed(sso.name)
  const url = new URL(authorizationEndpoint)
  const asked = {
    response_type: 'code',
    client_id: sso.clientId,
    redirect_uri: begun.redirectUri,
    scope: sso.scopes,
    state: secret,
    nonce: begun.nonce,
    code_challenge: hash('sha256', begun.verifier, 'base64url'),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
  return { AuthorizationUrl: url.href, State: secret, ExpiresAt: expiresAt }
}

/** Throws `SignInRefusedException`, `IdentityProviderException`. */
export async function signInByOidc(
  call: OpenCall,
  { state, code }: { readonly state: string; readonly code: string },
): Promise<SignInResult> {
  const begun = await call.write((tx) => takeTicket<Begun>(tx, call.now, 'oidc', state))
  const sso = call.features.singleSignOn.find(({ id }) => id === begun?.providerId)
  if (!begun || !sso) throw refused('This sign-in took longer than ten minutes, or was finished already. Begin anew.')
  const identity = await identityFrom(call, sso, begun, code)
  const sessionName = sessionNameOf(identity)
  const role = await roleTrusting(call, sso.roleArn, identity, sessionName).catch((cause: unknown) => {
    throw refused(
      `${sso.name} knows you, but you may not use Steward. An administrator of Steward can change that.`,
      cause,
    )
  })
  return openSession(call, 'SingleSignOn', async (tx) => {
    await endAttempt(tx, call.sourceIp, undefined)
    await noteRoleUse(tx, role, call.now, call.scope.region)
    return rolePrincipal(role, sessionName, webSession(identity, call.now))
  })
}

async function identityFrom(call: OpenCall, sso: SingleSignOn, begun: Begun, code: string): Promise<WebIdentity> {
  const token = await exchange(call, sso, begun, code)
  const identity = await provenIdentity(call, accountOf(sso), token).catch((cause: unknown) => {
    if (cause instanceof ApiError && cause.code === 'IDPCommunicationError') throw providerFailed(sso.name, cause)
    throw refused(`What ${sso.name} said of you cannot be verified.`, cause)
  })
  const { issuer, audience, claims } = identity
  if (issuer !== sso.issuer || audience !== sso.clientId || claims.nonce !== begun.nonce)
    throw refused(`What ${sso.name} said is about another sign-in. Begin anew.`)
  return identity
}

/** The ID token that the code is good for. */
async function exchange(call: OpenCall, sso: SingleSignOn, begun: Begun, code: string): Promise<string> {
  const { tokenEndpoint, thumbprints } = await issuerOf(call, sso)
  if (!tokenEndpoint) throw providerFailed(sso.name)
  const fields = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: begun.redirectUri,
    client_id: sso.clientId,
    code_verifier: begun.verifier,
  })
  const form = { fields, authorization: sso.clientSecret ? basic(sso) : undefined }
  const answer = await orFailed(sso, () => fetchJson(tokenEndpoint, thumbprints, call.signal, form))
  const { id_token: token } = (answer ?? {}) as { id_token?: unknown }
  if (typeof token !== 'string') throw providerFailed(sso.name)
  return token
}

/** RFC 6749, 2.3.1: both are form-encoded first. */
function basic({ clientId, clientSecret }: SingleSignOn): string {
  const encoded = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)
  return `Basic ${Buffer.from(`${encoded(clientId)}:${encoded(clientSecret)}`).toString('base64')}`
}

async function issuerOf(call: OpenCall, sso: SingleSignOn) {
  const { thumbprints } = await registered(call, sso)
  const issuer = await orFailed(sso, () => discoveredIssuer(sso.issuer, thumbprints, call.signal))
  return { ...issuer, thumbprints }
}

/** Only issuers that the account trusts are asked anything. */
async function registered(call: OpenCall, sso: SingleSignOn): Promise<OidcProvider> {
  const arn = `arn:aws:iam::${accountOf(sso)}:oidc-provider/${providerUrl(sso.issuer)}`
  const provider = await call.read((reader) => findProvider(reader, accountOf(sso), arn))
  if (!provider) throw providerFailed(sso.name, new Error(`IAM has no OpenID Connect provider ${arn}.`))
  return provider
}

async function orFailed<T>(sso: SingleSignOn, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    throw error instanceof IssuerUnreachable ? providerFailed(sso.name, error) : error
  }
}

function accountOf({ roleArn }: SingleSignOn): string {
  return roleArn.split(':')[4]!
}

/** How the person is known in lists and on the audit trail. */
function sessionNameOf({ claims, subject }: WebIdentity): string {
  const known = [claims.email, claims.preferred_username, subject].find((one) => typeof one === 'string' && one !== '')
  return String(known)
    .replaceAll(/[^\w+=,.@-]/g, '-')
    .slice(0, 64)
    .padEnd(2, '-')
}
