import { type Asked, fakeServer, type Said } from './fake-server.ts'

export interface FakeVersion {
  readonly data: Readonly<Record<string, unknown>> | null
  readonly created: string
}

/** HashiCorp Vault as far as KV, AppRole and tokens go: answers as Vault 1.15 gives them. */
export async function fakeVault(options: { tokens?: string[] } = {}) {
  const tokens = new Set(options.tokens ?? ['root'])
  const kv2 = new Map<string, FakeVersion[]>()
  const kv1 = new Map<string, Readonly<Record<string, unknown>>>()
  let logins = 0

  function answer(asked: Asked): Said {
    const url = new URL(asked.path, 'http://vault')
    const path = decodeURIComponent(url.pathname.replace('/v1/', ''))
    if (path === 'auth/approle/login') return logIn(asked)
    if (!tokens.has(String(asked.headers['x-vault-token']))) return refused(403, 'permission denied')
    if (path === 'auth/token/lookup-self') return { status: 200, body: { data: {} } }
    const [mount, ...rest] = path.split('/')
    if (mount === 'kv1') return plain(kv1.get(rest.join('/')))
    return numbered(kv2.get(rest.slice(1).join('/')), Number(url.searchParams.get('version')))
  }

  function logIn({ body }: Asked): Said {
    const { role_id, secret_id } = JSON.parse(body) as Record<string, string>
    if (role_id !== 'role' || secret_id !== 'secret') return refused(400, 'invalid role or secret ID')
    const client_token = `login-${++logins}`
    tokens.add(client_token)
    return { status: 200, body: { auth: { client_token, lease_duration: 3600 } } }
  }

  const server = await fakeServer(answer)
  return { ...server, tokens, kv1, kv2, logins: () => logins, [Symbol.dispose]: server.close }
}

function plain(data: Readonly<Record<string, unknown>> | undefined): Said {
  return data ? { status: 200, body: { lease_duration: 2764800, data } } : refused(404)
}

function numbered(versions: readonly FakeVersion[] | undefined, asked: number): Said {
  const version = asked || (versions?.length ?? 0)
  const found = versions?.[version - 1]
  if (!found) return refused(404)
  const metadata = { version, created_time: found.created, destroyed: false, deletion_time: '' }
  return { status: found.data ? 200 : 404, body: { data: { data: found.data, metadata } } }
}

function refused(status: number, ...errors: string[]): Said {
  return { status, body: { errors } }
}
