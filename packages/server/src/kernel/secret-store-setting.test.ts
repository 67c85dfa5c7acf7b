import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { secretStoreSetting } from './secret-store-setting.ts'

function read(url: string) {
  const faults: string[] = []
  return { setting: secretStoreSetting({ STEWARD_SECRETS_URL: url }, faults), faults }
}

test('PS-15 every kind of store is configured by one URL', () => {
  const vault = { kind: 'vault', prefix: '', kvVersion: 2, namespace: undefined, caFile: undefined }
  const aws = { kind: 'secrets-manager', prefix: '', region: undefined, caFile: undefined }
  const settings: [string, object][] = [
    [
      'vault+https://token:hvs.abc@vault.example.com:8200/secret',
      { ...vault, origin: 'https://vault.example.com:8200', mount: 'secret', login: { token: 'hvs.abc' } },
    ],
    [
      'vault+http://approle:role-1:secret%2F2@127.0.0.1:8200/team/kv/?version=1&namespace=ns1/ns2&approle=machines&ca=/etc/ca.pem',
      {
        ...vault,
        origin: 'http://127.0.0.1:8200',
        mount: 'team/kv',
        kvVersion: 1,
        namespace: 'ns1/ns2',
        login: { roleId: 'role-1', secretId: 'secret/2', mount: 'machines' },
        caFile: '/etc/ca.pem',
      },
    ],
    [
      'vault+https://vault.example.com/kv?token_file=/run/vault-token&prefix=steward/{account}',
      {
        ...vault,
        prefix: 'steward/{account}',
        origin: 'https://vault.example.com',
        mount: 'kv',
        login: { tokenFile: '/run/vault-token' },
      },
    ],
    [
      'aws://AKIAX:a%2Fb+c@amazonaws.com',
      {
        ...aws,
        origin: 'https://secretsmanager.{region}.amazonaws.com',
        accessKeyId: 'AKIAX',
        secretAccessKey: 'a/b+c',
      },
    ],
    [
      'aws+http://test:test@localhost:4566?region=eu-west-1',
      { ...aws, origin: 'http://localhost:4566', region: 'eu-west-1', accessKeyId: 'test', secretAccessKey: 'test' },
    ],
    ['file:///run/secrets', { kind: 'files', prefix: '', folder: '/run/secrets' }],
  ]
  for (const [url, setting] of settings) assert.deepEqual(read(url), { setting, faults: [] }, url)
  assert.deepEqual(read(''), { setting: undefined, faults: [] })
})

test('PS-15 what is no such URL is a fault that does not repeat it', () => {
  const wrong = [
    'https://token:SECRET@vault/secret',
    'vault://token:SECRET@vault',
    'vault+https://SECRET@vault/secret',
    'vault+https://approle:SECRET@vault/secret',
    'vault+https://token:SECRET@vault/secret?version=3',
    'vault+https://token:SECRET@vault/secret?namespac=SECRET',
    'aws://AKIAX@amazonaws.com',
    'file+https:///SECRET',
    'file:///',
    'vault+https://',
    'SECRET',
  ]
  for (const url of wrong) {
    const { setting, faults } = read(url)
    assert.equal(setting, undefined, url)
    assert.match(faults.join(), /^STEWARD_SECRETS_URL: must be a URL such as /)
    assert.doesNotMatch(faults.join().replaceAll('KEYID:SECRET', ''), /SECRET@|AKIAX|vault\/secret/)
  }
})

test('PS-15 whatever the variable says is a setting or a fault', () => {
  const scheme = fc.constantFrom('vault://', 'vault+https://', 'aws://', 'aws+http://', 'file://', '')
  const text = fc.tuple(scheme, fc.string()).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, (url) => {
      const { setting, faults } = read(url)
      assert.equal(faults.length, url === '' || setting ? 0 : 1)
    }),
  )
})
