import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateDocumentCommand,
  DescribeDocumentPermissionCommand,
  ModifyDocumentPermissionCommand,
  type ModifyDocumentPermissionCommandInput,
  SSMClient,
} from '@aws-sdk/client-ssm'
import { startServer } from '@steward/testkit'
import { sampleContent } from '../sample-content.ts'

const [A, B] = ['222222222222', '333333333333']

async function serverWith(...names: string[]) {
  const server = await startServer()
  const ssm = server.client(SSMClient)
  for (const Name of names) await ssm.send(new CreateDocumentCommand({ Name, Content: sampleContent(Name) }))
  const modify = (Name: string, change: Partial<ModifyDocumentPermissionCommandInput>) =>
    ssm.send(new ModifyDocumentPermissionCommand({ Name, PermissionType: 'Share', ...change }))
  const shares = async (Name: string) => {
    const found = await ssm.send(new DescribeDocumentPermissionCommand({ Name, PermissionType: 'Share' }))
    return {
      accounts: found.AccountIds,
      versions: found.AccountSharingInfoList?.map((one) => one.SharedDocumentVersion),
    }
  }
  return { ssm, modify, shares, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

test('DOC-15 shares are added, changed and taken away', async () => {
  await using the = await serverWith('my-doc')
  assert.deepEqual(await the.shares('my-doc'), { accounts: [], versions: [] })
  await the.modify('my-doc', { AccountIdsToAdd: [B, A] })
  assert.deepEqual(await the.shares('my-doc'), { accounts: [A, B], versions: ['$DEFAULT', '$DEFAULT'] })
  await the.modify('my-doc', { AccountIdsToAdd: [A], SharedDocumentVersion: '$LATEST' })
  assert.deepEqual(await the.shares('my-doc'), { accounts: [A, B], versions: ['$LATEST', '$DEFAULT'] })
  await the.modify('my-doc', { AccountIdsToAdd: [A], AccountIdsToRemove: [A] })
  assert.deepEqual(await the.shares('my-doc'), { accounts: [B], versions: ['$DEFAULT'] })
  await the.modify('my-doc', { AccountIdsToRemove: [B] })
  await the.modify('my-doc', { AccountIdsToAdd: ['all'] })
  assert.deepEqual(await the.shares('my-doc'), { accounts: ['all'], versions: ['$ALL'] })
})

test('DOC-15 everyone is told as it was given, and taken away under either spelling', async () => {
  await using the = await serverWith('my-doc')
  for (const spelling of ['all', 'All']) {
    await the.modify('my-doc', { AccountIdsToAdd: [spelling] })
    assert.deepEqual(await the.shares('my-doc'), { accounts: [spelling], versions: ['$ALL'] })
  }
  await the.modify('my-doc', { AccountIdsToRemove: ['all'] })
  assert.deepEqual(await the.shares('my-doc'), { accounts: [], versions: [] })
})

test('DOC-15 what cannot be shared is refused', async () => {
  await using the = await serverWith('my-doc')
  await assert.rejects(the.modify('my-doc', { AccountIdsToAdd: [A, 'All'] }), { name: 'DocumentPermissionLimit' })
  await assert.rejects(the.modify('my-doc', {}), { name: 'ValidationException' })
  await assert.rejects(the.modify('nothing', { AccountIdsToAdd: [A] }), { name: 'InvalidDocument' })
  await assert.rejects(the.modify('AWS-Noop', { AccountIdsToAdd: [A] }), { name: 'InvalidDocument' })
  const many = Array.from({ length: 21 }, (_, i) => String(400_000_000_000 + i))
  await assert.rejects(the.modify('my-doc', { AccountIdsToAdd: many }), { name: 'ValidationException' })
})

test('DOC-15 at most five documents are public', async () => {
  const names = ['doc-1', 'doc-2', 'doc-3', 'doc-4', 'doc-5', 'doc-6']
  await using the = await serverWith(...names)
  const publish = (name: string) => the.modify(name, { AccountIdsToAdd: ['All'] })
  for (const name of names.slice(0, 5)) await publish(name)
  await publish('doc-1')
  await assert.rejects(publish('doc-6'), { name: 'DocumentPermissionLimit' })
  await the.modify('doc-1', { AccountIdsToRemove: ['All'] })
  await publish('doc-6')
})

test('X-08 permissions are paged', async () => {
  await using the = await serverWith('my-doc')
  const accounts = Array.from({ length: 20 }, (_, i) => String(400_000_000_000 + i))
  await the.modify('my-doc', { AccountIdsToAdd: accounts })
  const input = { Name: 'my-doc', PermissionType: 'Share', MaxResults: 15 } as const
  const first = await the.ssm.send(new DescribeDocumentPermissionCommand(input))
  const { NextToken } = first
  const second = await the.ssm.send(new DescribeDocumentPermissionCommand({ ...input, NextToken }))
  assert.deepEqual([...first.AccountIds!, ...second.AccountIds!], accounts)
  assert.equal(second.NextToken, undefined)
})

test('X-08 a page of permissions has up to 200 accounts, though 20 are added at a time', async () => {
  await using the = await serverWith('my-doc')
  const accounts = Array.from({ length: 210 }, (_, i) => String(400_000_000_000 + i))
  for (let i = 0; i < accounts.length; i += 20) {
    const SharedDocumentVersion = i === 0 ? '$ALL' : '$LATEST'
    await the.modify('my-doc', { AccountIdsToAdd: accounts.slice(i, i + 20), SharedDocumentVersion })
  }
  const describe = (more: object) => {
    const input = { Name: 'my-doc', PermissionType: 'Share', ...more } as const
    return the.ssm.send(new DescribeDocumentPermissionCommand(input))
  }
  for (const limit of [{}, { MaxResults: 200 }]) {
    const first = await describe(limit)
    const { NextToken } = first
    const second = await describe({ ...limit, NextToken })
    assert.deepEqual([first.AccountIds, second.AccountIds], [accounts.slice(0, 200), accounts.slice(200)])
    const versions = [...first.AccountSharingInfoList!, ...second.AccountSharingInfoList!]
    assert.deepEqual(
      versions.map(({ AccountId, SharedDocumentVersion }) => `${AccountId} ${SharedDocumentVersion}`),
      accounts.map((account, i) => `${account} ${i < 20 ? '$ALL' : '$LATEST'}`),
    )
    assert.equal(second.NextToken, undefined)
  }
  for (const MaxResults of [0, 201]) await assert.rejects(describe({ MaxResults }), { name: 'ValidationException' })
  await assert.rejects(describe({ NextToken: 'x' }), { name: 'InvalidNextToken' })
})
