import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PreviewTargetsRequest, PreviewTargetsResult } from '@steward/model/generated/steward.ts'
import { DATABASES, startServer, type TestServer } from '@steward/testkit'
import { FakeNode } from '#capabilities/nodes/testing/fake-node.ts'
import { jsonCall, type RawCall } from '#door/testing/raw-call.ts'
import { aUser } from '#iam/testing/a-user.ts'

async function preview(server: TestServer, input: PreviewTargetsRequest, more: RawCall = {}) {
  const answer = await jsonCall(server, 'Steward.PreviewTargets', input, { service: 'steward', ...more })
  assert.equal(answer.status, 200, answer.text)
  return answer.json as unknown as Required<PreviewTargetsResult>
}

const tagged = (env: string) => ({ Tags: [{ Key: 'env', Value: env }] })

for (const database of DATABASES) {
  test(`X-26 a preview says whom an act would reach, and where the caller may not act and why (${database})`, async () => {
    await using server = await startServer({ database })
    const dev = await FakeNode.enrol(server, tagged('dev'))
    const prod = await FakeNode.enrol(server, tagged('prod'))
    const windows = await FakeNode.enrol(server, tagged('dev'), { PlatformType: 'Windows' })
    const statements = [
      { Effect: 'Allow', Action: 'ssm:DescribeInstanceInformation', Resource: '*' },
      {
        Effect: 'Allow',
        Action: 'ssm:SendCommand',
        Resource: 'arn:aws:ssm:*:*:managed-instance/*',
        Condition: { StringEquals: { 'ssm:resourceTag/env': 'dev' } },
      },
    ]
    const credentials = await aUser(server, 'ann', { statements })
    const Targets = [{ Key: 'tag:env', Values: ['dev', 'prod'] }]
    const DocumentName = 'AWS-RunShellScript'
    const seen = await preview(server, { Targets, DocumentName }, { credentials })
    assert.deepEqual(
      [seen.MatchedCount, seen.OnlineCount, seen.PlatformMismatchCount, seen.CheckedCount, seen.RefusedCount],
      [3, 3, 1, 3, 1],
    )
    assert.match(seen.DocumentRefusal, /ssm:SendCommand on resource: .*document\/AWS-RunShellScript/)
    const byId = new Map(seen.Nodes.map((node) => [node.InstanceId, node]))
    assert.equal(byId.get(dev.id)?.Allowed, true)
    assert.match(String(byId.get(prod.id)?.Reason), /no identity-based policy allows the ssm:SendCommand action/)
    assert.equal(byId.get(windows.id)?.PlatformFits, false)

    const first = await preview(server, { Targets, MaxResults: 2 })
    assert.deepEqual([first.Nodes.length, first.RefusedCount], [2, 0])
    const { NextToken } = first
    assert.equal((await preview(server, { Targets, MaxResults: 2, NextToken })).Nodes.length, 1)

    const named = await preview(server, { InstanceIds: [dev.id, 'mi-0123456789abcdef0'] })
    assert.deepEqual([named.MatchedCount, named.UnknownInstanceIds], [1, ['mi-0123456789abcdef0']])
    assert.equal((await preview(server, {})).MatchedCount, 0)
  })
}
