/** The front door through clients that others wrote: SDK, AWS CLI and boto3, plainly and over TLS. */
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { CreateActivationCommand, paginateDescribeActivations, SSMClient } from '@aws-sdk/client-ssm'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { startServer, type TestServer } from '@steward/testkit'

const run = promisify(execFile)
const cli = spawnSync('aws', ['--version']).status === 0
const boto3 = spawnSync('python3', ['-c', 'import boto3']).status === 0
const ROOT = 'arn:aws:iam::000000000000:root'

/** What `npx steward env` exports, and nothing of this machine's own. */
function environment(server: TestServer, endpoint = server.url): NodeJS.ProcessEnv {
  const { accessKeyId, secretAccessKey } = server.house.rootKey
  return {
    PATH: process.env.PATH,
    HOME: server.data,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_MAX_ATTEMPTS: '1',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}

test('X-03 one server is SSM and STS at once, for the SDK', async () => {
  await using server = await startServer()
  const identity = await server.client(STSClient).send(new GetCallerIdentityCommand({}))
  assert.deepEqual([identity.Account, identity.Arn, identity.UserId], ['000000000000', ROOT, '000000000000'])
  const credentials = { ...server.house.rootKey, secretAccessKey: 'wrong' }
  const wrong = server.client(STSClient, { credentials }).send(new GetCallerIdentityCommand({}))
  await assert.rejects(wrong, { name: 'SignatureDoesNotMatch' })
})

test('X-08 the SDK’s paginator sees everything once, though more is made between the pages', async () => {
  await using server = await startServer()
  const client = server.client(SSMClient)
  const make = () => client.send(new CreateActivationCommand({ IamRole: 'Role' }))
  const made = await Promise.all(Array.from({ length: 7 }, make))
  const seen: string[] = []
  for await (const { ActivationList } of paginateDescribeActivations({ client, pageSize: 2 }, {})) {
    seen.push(...ActivationList!.map(({ ActivationId }) => ActivationId!))
    if (seen.length < 7) await make()
  }
  assert.equal(new Set(seen).size, seen.length)
  for (const { ActivationId } of made) assert.ok(seen.includes(ActivationId!))
})

test('X-04 the AWS CLI over TLS trusts AWS_CA_BUNDLE, and nothing without it', {
  skip: !cli && 'there is no AWS CLI',
}, async () => {
  await using server = await startServer({ https: true })
  const aws = (env: NodeJS.ProcessEnv, ...words: string[]) => run('aws', [...words, '--output', 'text'], { env })
  const trusting = { ...environment(server, server.secureUrl), AWS_CA_BUNDLE: join(server.data, 'ca.pem') }
  const { stdout } = await aws(trusting, 'sts', 'get-caller-identity', '--query', 'Arn')
  assert.equal(stdout.trim(), ROOT)
  await aws(trusting, 'ssm', 'list-commands')
  const { AWS_CA_BUNDLE: _bundle, ...doubting } = trusting
  await assert.rejects(aws(doubting, 'ssm', 'list-commands'), { message: /SSL validation failed/ })
})

test('X-04 the AWS CLI shows refusals as AWS’s', { skip: !cli && 'there is no AWS CLI' }, async () => {
  await using server = await startServer()
  const refused = async (env: NodeJS.ProcessEnv, ...words: string[]) => {
    const failed = await run('aws', words, { env }).then(
      () => assert.fail('It was not refused.'),
      (error: { stderr: string }) => error.stderr,
    )
    return failed.trim()
  }
  const env = environment(server)
  assert.equal(
    await refused({ ...env, AWS_SECRET_ACCESS_KEY: 'wrong' }, 'ssm', 'list-commands').then((text) => text.slice(0, 71)),
    'An error occurred (InvalidSignatureException) when calling the ListComm',
  )
  // TLS certificates of load balancers: what Steward is not for, so this stays unbuilt.
  assert.match(
    await refused(env, 'iam', 'get-server-certificate', '--server-certificate-name', 'x'),
    /\(NotImplemented\) when calling the GetServerCertificate operation/,
  )
  assert.match(
    await refused(env, 'ssm', 'list-commands', '--no-sign-request'),
    /\(MissingAuthenticationTokenException\) .*: Missing Authentication Token$/,
  )
})

const SCRIPT = `
import boto3, json, urllib.request
from botocore.exceptions import ClientError
sts, ssm = boto3.client('sts'), boto3.client('ssm')
told = {'arn': sts.get_caller_identity()['Arn']}
for _ in range(5):
    ssm.create_activation(IamRole='Role', Tags=[{'Key': 'sch\\u00f6n', 'Value': 'ja + nein'}])
pages = ssm.get_paginator('describe_activations').paginate(PaginationConfig={'PageSize': 2})
told['pages'] = [len(page['ActivationList']) for page in pages]
told['tag'] = ssm.describe_activations()['ActivationList'][0]['Tags'][0]
for method in 'GET', 'POST':
    url = sts.generate_presigned_url('get_caller_identity', ExpiresIn=60, HttpMethod=method)
    told[method] = urllib.request.urlopen(urllib.request.Request(url, method=method)).status
try:
    ssm.get_document(Name='no such document')
except ClientError as error:
    told['error'] = error.response['Error']['Code']
    told['status'] = error.response['ResponseMetadata']['HTTPStatusCode']
    told['request'] = len(error.response['ResponseMetadata']['RequestId'])
print(json.dumps(told))
`

test('X-03 boto3 signs, pages, presigns and reads errors', { skip: !boto3 && 'there is no boto3' }, async () => {
  await using server = await startServer({ https: true })
  for (const env of [
    environment(server),
    {
      ...environment(server, server.secureUrl),
      AWS_CA_BUNDLE: join(server.data, 'ca.pem'),
      SSL_CERT_FILE: join(server.data, 'ca.pem'),
    },
  ]) {
    await fetch(`${server.url}/test/reset`, { method: 'POST' })
    const { stdout } = await run('python3', ['-c', SCRIPT], { env })
    assert.deepEqual(JSON.parse(stdout), {
      arn: ROOT,
      pages: [2, 2, 1],
      tag: { Key: 'schön', Value: 'ja + nein' },
      GET: 200,
      POST: 200,
      error: 'ValidationException',
      status: 400,
      request: 36,
    })
  }
})
