import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ListAssociationsCommand, SSMClient } from '@aws-sdk/client-ssm'
import { startServer } from '@steward/testkit'
import { capturedIo } from '#testing/captured-io.ts'
import { steward } from '../main.ts'

test('AGT-15 steward node auto-update is the association that AWS’s console makes, and is off without it', async () => {
  await using server = await startServer()
  const { accessKeyId, secretAccessKey } = server.house.rootKey
  const env = { AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
  const type = async (word: string, code = 0) => {
    const io = capturedIo(env)
    assert.equal(await steward(['node', 'auto-update', word], io), code, io.err())
    return io.out()
  }
  const associations = async () => (await server.client(SSMClient).send(new ListAssociationsCommand({}))).Associations!
  assert.match(await type('status'), /^Agents are not updated by themselves\. /)
  assert.match(await type('on'), /^Agents are updated now, and again every 14 days/)
  assert.match(await type('on'), /^Agents are updated already: rate\(14 days\), no nodes yet \(association /)
  const [{ AssociationName, Name, Targets, ScheduleExpression } = {}, ...more] = await associations()
  assert.deepEqual(
    [AssociationName, Name, Targets, ScheduleExpression, more],
    [
      'SystemAssociationForSsmAgentUpdates',
      'AWS-UpdateSSMAgent',
      [{ Key: 'InstanceIds', Values: ['*'] }],
      'rate(14 days)',
      [],
    ],
  )
  assert.match(await type('status'), /^Agents are updated: rate\(14 days\), /)
  assert.match(await type('off'), /any more\.$/m)
  assert.deepEqual(await associations(), [])
  assert.match(await type('off'), /^Agents are not updated by themselves\.$/m)
  await type('sometimes', 2)
})
