import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import { CreateOpenIDConnectProviderCommand, IAMClient } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { startServer, type TestServer } from '@steward/testkit'
import { aRole, trusting } from '../../identity/testing/account.ts'
import { Issuer } from '../../identity/testing/issuer.ts'
import { credentialsOf, refusal, steward } from '../testing/people.ts'

/** A server whose people sign in at the issuer as the role `Operator`, which trusts those of `example.com`. */
async function withSingleSignOn(issuer: Issuer, more: Record<string, string> = {}): Promise<TestServer> {
  const server = await startServer({
    env: {
      STEWARD_OIDC_ISSUER: issuer.url,
      STEWARD_OIDC_NAME: 'Example',
      STEWARD_OIDC_CLIENT_ID: 'app',
      STEWARD_OIDC_CLIENT_SECRET: 's3cret+',
      STEWARD_OIDC_ROLE: 'Operator',
      ...more,
    },
  })
  await trustIn(server, issuer, 'Operator')
  return server
}

/** Has the role trust those of `example.com` whom the issuer knows. */
async function trustIn(server: TestServer, issuer: Issuer, role: string): Promise<void> {
  const { OpenIDConnectProviderArn } = await server
    .client(IAMClient)
    .send(new CreateOpenIDConnectProviderCommand({ Url: issuer.url, ClientIDList: ['app'] }))
  const name = issuer.url.split('://')[1]!
  const Condition = { StringEquals: { [`${name}:aud`]: 'app' }, StringLike: { [`${name}:email`]: '*@example.com' } }
  const trust = trusting(
    { Federated: OpenIDConnectProviderArn! },
    { Action: 'sts:AssumeRoleWithWebIdentity', Condition },
  )
  await aRole(server, role, trust, { MaxSessionDuration: 28_800 })
}

/** Follows the way a browser goes: to the issuer and back with a code. */
async function begin(server: TestServer, ProviderId = 'oidc'): Promise<{ asked: URLSearchParams; State: string }> {
  const begun = await steward(server, 'BeginOidcSignIn', { ProviderId })
  assert.equal(begun.status, 200, begun.text)
  return { asked: new URL(String(begun.json.AuthorizationUrl)).searchParams, State: String(begun.json.State) }
}

test('who proves itself at the provider is signed in as the role that trusts it', async () => {
  await using issuer = await Issuer.start()
  await using server = await withSingleSignOn(issuer)
  const options = await steward(server, 'GetSignInOptions', {})
  assert.deepEqual(options.json.Providers, [{ Id: 'oidc', Name: 'Example' }])
  const { asked, State } = await begin(server)
  assert.equal(asked.get('redirect_uri'), `${server.url}/console/signed-in`)
  assert.equal(asked.get('state'), State)
  issuer.onExchange = async (form, authorization) => {
    assert.equal(Buffer.from(authorization!.split(' ')[1]!, 'base64').toString(), 'app:s3cret%2B')
    assert.equal(form.get('code'), 'the-code')
    assert.equal(hash('sha256', form.get('code_verifier')!, 'base64url'), asked.get('code_challenge'))
    const claims = { nonce: asked.get('nonce')!, email: 'ann@example.com' }
    return { id_token: await issuer.token(server.house.clock.now(), claims) }
  }
  const answer = await steward(server, 'SignIn', { State, Code: 'the-code' })
  assert.equal(answer.status, 200, answer.text)
  const { SignedInAt, EndsAt } = answer.json as { SignedInAt: number; EndsAt: number }
  assert.equal(Math.round(EndsAt - SignedInAt), 28_800, 'as long as the role allows')
  const sts = server.client(STSClient, { credentials: credentialsOf(answer) })
  const { Arn } = await sts.send(new GetCallerIdentityCommand({}))
  assert.equal(Arn, 'arn:aws:sts::000000000000:assumed-role/Operator/ann@example.com')
  assert.equal(refusal(await steward(server, 'SignIn', { State, Code: 'the-code' })), 'SignInRefusedException')
})

test('of several providers each leads to a role of its own', async () => {
  await using staff = await Issuer.start()
  await using guests = await Issuer.start()
  await using server = await withSingleSignOn(staff, {
    STEWARD_OIDC_ISSUER_2: guests.url,
    STEWARD_OIDC_NAME_2: 'Guests',
    STEWARD_OIDC_CLIENT_ID_2: 'app',
    STEWARD_OIDC_ROLE_2: 'Guest',
  })
  await trustIn(server, guests, 'Guest')
  const options = await steward(server, 'GetSignInOptions', {})
  assert.deepEqual(options.json.Providers, [
    { Id: 'oidc', Name: 'Example' },
    { Id: 'oidc-2', Name: 'Guests' },
  ])
  const { asked, State } = await begin(server, 'oidc-2')
  guests.onExchange = async () => {
    const claims = { nonce: asked.get('nonce')!, email: 'ann@example.com' }
    return { id_token: await guests.token(server.house.clock.now(), claims) }
  }
  const answer = await steward(server, 'SignIn', { State, Code: 'the-code' })
  assert.match(JSON.stringify(answer.json.Principal), /assumed-role\/Guest\/ann@example.com/)
  const none = await steward(server, 'BeginOidcSignIn', { ProviderId: 'oidc-3' })
  assert.equal(none.status, 400)
})

test('another’s token, a stranger, and a provider that says nothing are refused', async () => {
  await using issuer = await Issuer.start()
  await using server = await withSingleSignOn(issuer)
  const attempt = async (claims: (nonce: string) => object | undefined, forged = false) => {
    const { asked, State } = await begin(server)
    issuer.onExchange = async () => {
      const stated = claims(asked.get('nonce')!)
      return stated ? { id_token: await issuer.token(server.house.clock.now(), { ...stated }, forged) } : {}
    }
    return refusal(await steward(server, 'SignIn', { State, Code: 'the-code' }))
  }
  const email = 'ann@example.com'
  assert.equal(await attempt(() => ({ email, nonce: 'of another' })), 'SignInRefusedException')
  assert.equal(await attempt((nonce) => ({ email, nonce }), true), 'SignInRefusedException')
  assert.equal(await attempt((nonce) => ({ email: 'eve@example.org', nonce })), 'SignInRefusedException')
  assert.equal(await attempt(() => undefined), 'IdentityProviderException')
  assert.equal(refusal(await steward(server, 'SignIn', { State: 'never', Code: 'begun' })), 'SignInRefusedException')
})
