import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chown, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { downloadContent } from '#plugins/download-content/download-content.ts'
import { gitHubSource, gitSource } from '#plugins/download-content/git-source.ts'
import { parseS3Path } from '#plugins/download-content/s3-source.ts'
import { readInputs } from '#plugins/inputs.ts'
import type { PluginIo } from '#plugins/plugin.ts'
import { nameAndVersion } from '#plugins/run-document.ts'

async function bench(serve: RequestListener = (_, response) => response.end('content')) {
  const root = await mkdtemp(join(tmpdir(), 'steward-download-'))
  const server = createServer(serve).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const io: PluginIo = {
    downloads: join(root, 'downloads'),
    script: () => assert.fail('no script is needed'),
    once: (_, compute) => compute(),
    document: () => assert.fail('no document is run'),
    server: {
      url,
      region: 'us-east-1',
      ca: undefined,
      getDocument: async (name, version) => JSON.stringify({ name, version }),
      getSecret: async (name) => `secret of ${name}`,
      credentials: async () => ({ accessKeyId: 'AKIA', secretAccessKey: 's', sessionToken: 't' }),
    },
  }
  const run = (sourceType: string, sourceInfo: object | string, destinationPath = '') =>
    downloadContent
      .run(
        { name: 'dl', plugin: 'aws:downloadContent', inputs: { sourceType, sourceInfo, destinationPath } },
        io,
        new AbortController().signal,
      )
      .catch((error: Error) => ({
        status: 'Failed' as const,
        code: 1,
        stdout: Buffer.alloc(0),
        stderr: Buffer.from(error.message),
      }))
  const close = async () => {
    server.closeAllConnections()
    server.close()
    await rm(root, { recursive: true })
  }
  return { root, io, run, url, [Symbol.asyncDispose]: close }
}

test('AGT-13 HTTP content comes to a file that can be run', async () => {
  await using here = await bench()
  const result = await here.run('HTTP', { url: `${here.url}/x`, allowInsecureDownload: true }, 'scripts/x.sh')
  assert.equal(result.status, 'Success')
  const file = join(here.io.downloads, 'scripts/x.sh')
  assert.equal(result.stdout.toString(), `Content downloaded to ${file}`)
  assert.equal(await readFile(file, 'utf8'), 'content')
  assert.equal((await stat(file)).mode & 0o777, 0o700)
})

test('AGT-13 a plain http address needs permission, other schemes are refused', async () => {
  await using here = await bench()
  assert.match((await here.run('HTTP', { url: `${here.url}/x` })).stderr.toString(), /insecure download is not allowed/)
  assert.match((await here.run('HTTP', { url: 'file:///etc/passwd' })).stderr.toString(), /HTTP or HTTPS is accepted/)
})

test('AGT-13 Basic authentication takes the password from Parameter Store', async () => {
  await using here = await bench((request, response) => {
    const expected = `Basic ${Buffer.from('me:secret of pw').toString('base64')}`
    response.writeHead(request.headers.authorization === expected ? 200 : 401).end('content')
  })
  const info = {
    url: here.url,
    allowInsecureDownload: 'true',
    authMethod: 'Basic',
    username: 'me',
    password: '{{ssm-secure:pw}}',
  }
  assert.equal((await here.run('HTTP', JSON.stringify(info), 'f')).status, 'Success')
  assert.match((await here.run('HTTP', { ...info, username: 'you' }, 'f')).stderr.toString(), /answered 401/)
})

test('AGT-13 Digest authentication answers the challenge', async () => {
  const md5 = (text: string) => createHash('md5').update(text).digest('hex')
  await using here = await bench((request, response) => {
    const { authorization = '' } = request.headers
    const field = (name: string) => new RegExp(`${name}="?([^",]+)`).exec(authorization)?.[1]
    const inner = [md5('me:realm:pw'), 'n1', field('nc'), field('cnonce'), 'auth', md5('GET:/a?b=c')].join(':')
    if (field('response') === md5(inner)) return response.end('content')
    return response
      .writeHead(401, { 'www-authenticate': 'Digest realm="realm", qop="auth", nonce="n1", opaque="o"' })
      .end()
  })
  const info = {
    url: `${here.url}/a?b=c`,
    allowInsecureDownload: true,
    authMethod: 'Digest',
    username: 'me',
    password: 'pw',
  }
  assert.equal((await here.run('HTTP', info, 'f')).status, 'Success')
  assert.match((await here.run('HTTP', { ...info, password: 'x' }, 'f')).stderr.toString(), /answered 401/)
})

test('redirects are followed, but not for ever', async () => {
  await using here = await bench((request, response) => {
    if (request.url === '/end') return response.end('content')
    return response.writeHead(302, { location: request.url === '/start' ? '/end' : '/loop' }).end()
  })
  assert.equal(
    (await here.run('HTTP', { url: `${here.url}/start`, allowInsecureDownload: true }, 'f')).status,
    'Success',
  )
  assert.match(
    (await here.run('HTTP', { url: `${here.url}/loop`, allowInsecureDownload: true }, 'f')).stderr.toString(),
    /too many redirects/,
  )
})

test('AGT-13 an S3 object is asked for with the node’s signature, and without when that is refused', async () => {
  const seen: (string | undefined)[] = []
  await using here = await bench((request, response) => {
    seen.push(request.headers.authorization?.slice(0, 16))
    response.writeHead(request.headers.authorization ? 403 : 200).end('object')
  })
  assert.equal((await here.run('S3', { path: `${here.url}/bucket/dir/a b.sh` }, 'out/')).status, 'Success')
  assert.equal(await readFile(join(here.io.downloads, 'out/a b.sh'), 'utf8'), 'object')
  assert.deepEqual(seen, ['AWS4-HMAC-SHA256', undefined])
})

test('AGT-13 an S3 folder keeps its files’ paths, and none of them leaves the destination', async () => {
  let keys = ['dir/', 'dir/a', 'dir/sub/b']
  await using here = await bench((request, response) => {
    if (!request.url!.includes('list-type=2')) return response.end(request.url)
    return response.end(`<R>${keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')}</R>`)
  })
  assert.equal((await here.run('S3', { path: `${here.url}/bucket/dir/` }, 'out')).status, 'Success')
  assert.equal(await readFile(join(here.io.downloads, 'out/sub/b'), 'utf8'), '/bucket/dir/sub/b')
  keys = ['dir/../../evil']
  assert.match(
    (await here.run('S3', { path: `${here.url}/bucket/dir/` }, 'out')).stderr.toString(),
    /leave the destination/,
  )
})

test('AGT-13 an S3 folder may be named without its slash', async () => {
  await using here = await bench((request, response) => {
    const url = new URL(request.url!, 'http://s3')
    const isThere = url.searchParams.get('prefix') === 'dir/'
    if (url.searchParams.has('list-type')) return response.end(isThere ? '<R><Key>dir/sub/b</Key></R>' : '<R></R>')
    return response.writeHead(url.pathname === '/bucket/dir/sub/b' ? 200 : 404).end('object')
  })
  assert.equal((await here.run('S3', { path: `${here.url}/bucket/dir` }, 'out')).status, 'Success')
  assert.equal(await readFile(join(here.io.downloads, 'out/sub/b'), 'utf8'), 'object')
  assert.match((await here.run('S3', { path: `${here.url}/bucket/none` }, 'out')).stderr.toString(), /answered 404$/)
})

test('a file that is downloaded again stays its owner’s', async () => {
  await using here = await bench((_, response) => response.end('new'))
  await mkdir(here.io.downloads)
  const file = join(here.io.downloads, 'f')
  await writeFile(file, 'old')
  // Only root can give it to somebody else.
  const uid = process.getuid!() === 0 ? 12_345 : process.getuid!()
  await chown(file, uid, process.getgid!())
  assert.equal((await here.run('HTTP', { url: here.url, allowInsecureDownload: true }, 'f')).status, 'Success')
  assert.equal(await readFile(file, 'utf8'), 'new')
  assert.equal((await stat(file)).uid, uid)
})

test('a download that breaks off leaves the file that was there', async () => {
  await using here = await bench((_, response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('begun', () => response.destroy())
  })
  const sources = { HTTP: { url: here.url, allowInsecureDownload: true }, S3: { path: `${here.url}/bucket/f` } }
  await mkdir(here.io.downloads)
  for (const [sourceType, sourceInfo] of Object.entries(sources)) {
    await writeFile(join(here.io.downloads, 'f'), 'old')
    assert.equal((await here.run(sourceType, sourceInfo, 'f')).status, 'Failed')
    assert.equal(await readFile(join(here.io.downloads, 'f'), 'utf8'), 'old')
    assert.deepEqual(await readdir(here.io.downloads), ['f'])
  }
})

test("AGT-13 Amazon's addresses of buckets mean the server, if it has the bucket", async () => {
  const asked: string[] = []
  await using here = await bench((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.end('object')
  })
  for (const path of ['https://s3.eu-west-1.amazonaws.com/b/k', 'https://b.s3.amazonaws.com/k', 's3://b/k']) {
    assert.equal((await here.run('S3', { path }, 'out/')).status, 'Success')
    assert.deepEqual(asked.splice(0), ['HEAD /b', 'GET /b/k'])
  }
})

test('S3 paths are read in all their forms', () => {
  const read = (path: string) => {
    const { bucket, key, region } = parseS3Path(path, 'eu-west-1')
    return [bucket.href, key, region]
  }
  assert.deepEqual(read('https://s3.us-west-2.amazonaws.com/b/k/x+y'), [
    'https://s3.us-west-2.amazonaws.com/b',
    'k/x y',
    'us-west-2',
  ])
  assert.deepEqual(read('https://b.s3.amazonaws.com/k'), ['https://b.s3.amazonaws.com/', 'k', 'eu-west-1'])
  assert.deepEqual(read('https://minio.example:9000/b/k'), ['https://minio.example:9000/b', 'k', 'eu-west-1'])
  assert.deepEqual(read('s3://b/k'), ['https://s3.eu-west-1.amazonaws.com/b', 'k', 'eu-west-1'])
  assert.throws(() => parseS3Path('ftp://x/y', 'r'), /invalid S3 path/)
})

test('AGT-13 a document of the server becomes a file with its name', async () => {
  await using here = await bench()
  assert.equal((await here.run('SSMDocument', { name: 'Mine:3' }, 'docs/')).status, 'Success')
  assert.equal(await readFile(join(here.io.downloads, 'docs/Mine.json'), 'utf8'), '{"name":"Mine","version":"3"}')
})

test('document names may carry a version or be an ARN', () => {
  const arn = 'arn:aws:ssm:us-east-1:123456789012:document/Mine'
  assert.deepEqual(nameAndVersion('Mine'), { name: 'Mine', version: undefined })
  assert.deepEqual(nameAndVersion('Mine:$LATEST'), { name: 'Mine', version: '$LATEST' })
  assert.deepEqual(nameAndVersion(arn), { name: arn, version: undefined })
  assert.deepEqual(nameAndVersion(`${arn}:2`), { name: arn, version: '2' })
})

test('AGT-13 a git repository comes with its files, at a branch or a commit', async () => {
  await using here = await bench()
  const repository = join(here.root, 'repository')
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', repository, '-c', 'user.name=n', '-c', 'user.email=e', ...args], {
      encoding: 'utf8',
      stdio: 'pipe',
    })
  execFileSync('git', ['init', '--quiet', '-b', 'main', repository])
  await writeFile(join(repository, 'run.sh'), 'one')
  git('add', '.')
  git('commit', '-qm', 'one')
  const commit = git('rev-parse', 'HEAD').trim()
  git('checkout', '-qb', 'other')
  await writeFile(join(repository, 'run.sh'), 'two')
  git('commit', '-qam', 'two')
  const file = join(here.io.downloads, 'run.sh')
  assert.equal((await here.run('Git', { repository, getOptions: 'branch:other' })).status, 'Success')
  assert.equal(await readFile(file, 'utf8'), 'two')
  assert.equal((await here.run('Git', { repository, getOptions: `commitID:${commit}` })).status, 'Success')
  assert.equal(await readFile(file, 'utf8'), 'one')
  assert.match(
    (await here.run('Git', { repository, getOptions: 'branch:none' })).stderr.toString(),
    /^git clone failed: .*none/s,
  )
  await assert.rejects(stat(join(here.io.downloads, '.git')))
})

test('a git source cannot make git run something else', () => {
  for (const repository of ['--upload-pack=evil', 'ext::sh -c evil', '']) {
    assert.throws(() => gitSource(readInputs({ repository })))
  }
  assert.throws(() => gitSource(readInputs({ repository: 'x', getOptions: 'branch:--evil' })))
})

test('a GitHub source is a repository, a path and a token', () => {
  const source = gitHubSource(
    readInputs({ owner: 'o', repository: 'r', path: '/a/b', getOptions: 'commitID:abc', tokenInfo: 'tok' }),
  )
  assert.deepEqual(
    [source.repository, source.path, source.commit, source.user, source.password],
    ['https://github.com/o/r.git', 'a/b', 'abc', 'x-access-token', 'tok'],
  )
})

test('wrong inputs are told in words', async () => {
  await using here = await bench()
  const told = async (...args: Parameters<typeof here.run>) => (await here.run(...args)).stderr.toString()
  assert.equal(await told('', {}), 'invalid input: SourceType must be specified')
  assert.equal(await told('FTP', {}), 'invalid input: Unsupported source type')
  assert.equal(await told('HTTP', ''), 'invalid input: SourceInfo must be specified')
  assert.match(await told('HTTP', '{'), /could not be unmarshalled for source type HTTP/)
})
