import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { test } from 'node:test'
import { readEnv, toConfig } from './config.ts'

test('without any environment there is a complete configuration', () => {
  const config = toConfig(readEnv({ PATH: '/bin', AWS_REGION: 'eu-west-1' }), '/srv/steward')
  assert.deepEqual(config, {
    data: '/srv/steward/.steward',
    http: { host: '127.0.0.1', port: 8470 },
    https: { host: '127.0.0.1', port: 8471 },
    hostnames: [],
    databaseUrl: '',
    localNode: true,
    account: '000000000000',
    region: 'us-east-1',
    rootKey: undefined,
    masterKey: { kind: 'data-directory' },
    lostMasterKeyIds: [],
    testMode: false,
    logLevel: 'info',
    commandRetentionDays: 30,
    sessionRetentionDays: 30,
    recordingRetentionDays: 90,
    auditRetentionDays: 90,
    rateLimits: { default: { perSecond: 20_000, burst: 40_000 } },
    readingThreads: Math.min(4, Math.floor(availableParallelism() / 2)),
    webhookAllow: [],
    publicUrl: undefined,
    mail: undefined,
    singleSignOn: [],
    remoteBuckets: undefined,
    secretStore: undefined,
  })
})

test('every variable has its effect, and an empty one is none', () => {
  const env = {
    STEWARD_DATA: '../data',
    STEWARD_HTTP: '[::1]:0',
    STEWARD_HTTPS: 'off',
    STEWARD_HOSTNAMES: 'a.example, 10.0.0.1,',
    STEWARD_DATABASE_URL: 'postgres://u:p@db.example/steward',
    STEWARD_LOCAL_NODE: 'off',
    STEWARD_ACCOUNT: '123456789012',
    STEWARD_READING_THREADS: '3',
    STEWARD_REGION: 'eu-central-1',
    STEWARD_ROOT_ACCESS_KEY_ID: 'AKIAX',
    STEWARD_ROOT_SECRET_ACCESS_KEY: 'a/secret+key=',
    STEWARD_MASTER_KEY_FILE: 'secret.key',
    STEWARD_MASTER_KEY_LOST: '0123456789abcdef,fedcba9876543210',
    STEWARD_TEST_MODE: '',
    STEWARD_LOG_LEVEL: 'warn',
    STEWARD_COMMAND_RETENTION_DAYS: '7',
    STEWARD_SESSION_RETENTION_DAYS: '8',
    STEWARD_RECORDING_RETENTION_DAYS: '9',
    STEWARD_AUDIT_RETENTION_DAYS: '400',
    STEWARD_RATE_LIMITS: 'default=500, parameters-read=40/80,',
    STEWARD_WEBHOOK_ALLOW: '10.0.0.0/8, fd00::/8,127.0.0.1',
    STEWARD_PUBLIC_URL: 'https://a.example:8471/',
    STEWARD_SMTP_URL: 'smtps://u:p@mail.example:465',
    STEWARD_SMTP_FROM: 'steward@a.example',
    STEWARD_S3_URL: 'https://AKIAY:a%2Fb@minio.example:9000/',
    STEWARD_SECRETS_URL: 'file:///run/secrets?prefix=steward',
    STEWARD_OIDC_NAME: 'Example',
    STEWARD_OIDC_ISSUER: 'https://login.example/main',
    STEWARD_OIDC_CLIENT_ID: 'steward',
    STEWARD_OIDC_CLIENT_SECRET: 'secret',
    STEWARD_OIDC_ROLE: 'people/Operator',
    STEWARD_OIDC_ISSUER_3: 'https://other.example',
    STEWARD_OIDC_CLIENT_ID_3: 'app',
    STEWARD_OIDC_ROLE_3: 'Guest',
    STEWARD_OIDC_SCOPES_3: 'openid',
  }
  assert.deepEqual(toConfig(readEnv(env), '/srv/steward'), {
    data: '/srv/data',
    http: { host: '::1', port: 0 },
    https: undefined,
    hostnames: ['a.example', '10.0.0.1'],
    databaseUrl: 'postgres://u:p@db.example/steward',
    localNode: false,
    account: '123456789012',
    region: 'eu-central-1',
    rootKey: { accessKeyId: 'AKIAX', secretAccessKey: 'a/secret+key=' },
    masterKey: { kind: 'file', path: '/srv/steward/secret.key' },
    lostMasterKeyIds: ['0123456789abcdef', 'fedcba9876543210'],
    testMode: false,
    logLevel: 'warn',
    commandRetentionDays: 7,
    sessionRetentionDays: 8,
    recordingRetentionDays: 9,
    auditRetentionDays: 400,
    readingThreads: 3,
    rateLimits: { default: { perSecond: 500, burst: 500 }, 'parameters-read': { perSecond: 40, burst: 80 } },
    webhookAllow: ['10.0.0.0/8', 'fd00::/8', '127.0.0.1'],
    publicUrl: 'https://a.example:8471',
    mail: { url: 'smtps://u:p@mail.example:465', from: 'steward@a.example' },
    singleSignOn: [
      {
        id: 'oidc',
        name: 'Example',
        issuer: 'https://login.example/main',
        clientId: 'steward',
        clientSecret: 'secret',
        roleArn: 'arn:aws:iam::123456789012:role/people/Operator',
        scopes: 'openid profile email',
      },
      {
        id: 'oidc-3',
        name: 'other.example',
        issuer: 'https://other.example',
        clientId: 'app',
        clientSecret: '',
        roleArn: 'arn:aws:iam::123456789012:role/Guest',
        scopes: 'openid',
      },
    ],
    remoteBuckets: { url: 'https://minio.example:9000', accessKeyId: 'AKIAY', secretAccessKey: 'a/b' },
    secretStore: { kind: 'files', prefix: 'steward', folder: '/run/secrets' },
  })
})

test('all faults are reported together, each with the name of its variable', () => {
  const env = {
    STEWARD_HTTP: '0.0.0.0:80',
    STEWARD_HTTPS: 'here',
    STEWARD_HOSTNAMES: 'fine.example,not a name',
    STEWARD_DATABASE_URL: 'mysql://db',
    STEWARD_LOCAL_NODE: 'perhaps',
    STEWARD_ACCOUNT: '123',
    STEWARD_REGION: 'eu central',
    STEWARD_ROOT_ACCESS_KEY_ID: 'AKIAX',
    STEWARD_MASTER_KEY: 'short',
    STEWARD_MASTER_KEY_LOST: 'all',
    STEWARD_TEST_MODE: '1',
    STEWARD_LOG_LEVEL: 'loud',
    STEWARD_COMMAND_RETENTION_DAYS: '0',
    STEWARD_AUDIT_RETENTION_DAYS: '1.5',
    STEWARD_RATE_LIMITS: 'parameters-read=often',
    STEWARD_WEBHOOK_ALLOW: '10.0.0.0/8,everything',
    STEWARD_S3_URL: 'https://minio.example:9000',
    STEWARD_PUBLIC_URL: 'steward.example',
    STEWARD_SMTP_URL: 'mail.example',
    STEWARD_SMTP_FROM: '',
  }
  assert.throws(
    () => toConfig(env, '/'),
    (error: Error) => {
      const [first, ...faults] = error.message.split('\n  ')
      assert.equal(first, `The configuration has ${faults.length} faults:`)
      const named = faults.map((fault) => fault.slice(0, fault.search(/[: ]/)))
      assert.deepEqual(new Set(named), new Set(Object.keys(env)))
      return true
    },
  )
  assert.throws(
    () => toConfig({ STEWARD_ACCOUNT: '1' }, '/'),
    /^Error: The configuration has 1 fault:\n {2}STEWARD_ACCOUNT: /,
  )
})

test('a setting that would have no effect is a fault', () => {
  const faultOf = (env: Record<string, string>) => {
    try {
      toConfig(env, '/')
    } catch (error) {
      return (error as Error).message.replace('The configuration has 1 fault:\n  ', '')
    }
    return undefined
  }
  for (const [family, isOne] of [
    ['default', true],
    ['agents', true],
    ['parameters-read-high', true],
    ['s3-write', true],
    ['resource-groups-read', true],
    ['parameters', false],
    ['parameter-read', false],
    ['ssm-reads', false],
  ] as const) {
    const fault = isOne ? undefined : `STEWARD_RATE_LIMITS: there is no family '${family}'.`
    assert.equal(faultOf({ STEWARD_RATE_LIMITS: `${family}=5` }), fault)
  }
  assert.equal(
    faultOf({ STEWARD_OIDC_CLIENT_ID: 'app', STEWARD_OIDC_ROLE: 'Guest' }),
    'STEWARD_OIDC_CLIENT_ID, STEWARD_OIDC_ROLE: of use with STEWARD_OIDC_ISSUER only.',
  )
  assert.match(
    faultOf({ STEWARD_OIDC_NAME_2: 'Other' })!,
    /^STEWARD_OIDC_NAME_2: of use with STEWARD_OIDC_ISSUER_2 only/,
  )
  assert.match(
    faultOf({ STEWARD_SMTP_FROM: 's@a.example' })!,
    /^STEWARD_SMTP_FROM: is of use with STEWARD_SMTP_URL only/,
  )
  assert.equal(faultOf({ STEWARD_REGION: 'r'.repeat(64) }), undefined)
  assert.match(faultOf({ STEWARD_REGION: 'r'.repeat(65) })!, /^STEWARD_REGION: must be 1 to 64 letters/)
})

test('a plain listener that others can reach must be wished for', () => {
  assert.throws(() => toConfig({ STEWARD_HTTP: '10.1.2.3:8470' }, '/'), /no TLS/)
  const config = toConfig({ STEWARD_HTTP: '10.1.2.3:8470', STEWARD_HTTP_INSECURE: 'yes' }, '/')
  assert.deepEqual(config.http, { host: '10.1.2.3', port: 8470 })
  for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '[::1]']) toConfig({ STEWARD_HTTP: `${host}:1` }, '/')
  for (const host of ['127.0.0.1.example.com', 'localhost.example', '128.0.0.1', '[::]', '127.0.0.300']) {
    assert.throws(() => toConfig({ STEWARD_HTTP: `${host}:1` }, '/'), host)
  }
})
