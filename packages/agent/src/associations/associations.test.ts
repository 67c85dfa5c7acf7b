import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { objectOr } from '#document/document.ts'
import { AgentProcess } from '#testing/agent-process.ts'
import { ended, refresh, storeDocument } from '#testing/state-manager.ts'
import { shellDocument, stepsDocument } from '#testing/stub-server.ts'
import { TestNode } from '#testing/test-node.ts'

const eager = { limits: { associationsEveryMs: 30 } }

test('STM-19 STM-11 an association that is refreshed runs at once and tells its statuses in order', async () => {
  await using node = await TestNode.connected()
  const { stateManager } = node.server
  storeDocument(node, 'Greet', {
    ...shellDocument(['echo hello {{ name }}']),
    parameters: { name: { type: 'String' } },
  })
  const id = stateManager.associate('Greet', { Parameters: { name: ['world'] } })

  const step = await refresh(node, id)
  assert.equal(step.standardOutput, `Associations [${id}] have been requested to execute immediately`)
  assert.equal(
    (await ended(node, id)).summary,
    '1 out of 1 plugin processed, 1 success, 0 failed, 0 timedout, 0 skipped. ',
  )
  assert.deepEqual(stateManager.told(id), ['Pending', 'InProgress', 'InProgress', 'Success'])
  assert.equal(stateManager.statuses[1]!.summary, 'Executing association')
  assert.equal(stateManager.statuses[0]!.input.AssociationVersion, '1')
})

test('STM-10 CMP-06 after each run all associations are told as compliance items', async () => {
  await using node = await TestNode.connected()
  const { stateManager } = node.server
  storeDocument(node, 'Good', shellDocument(['true']))
  storeDocument(node, 'Bad', stepsDocument({ s: { runCommand: ['exit 7'] } }))
  const good = stateManager.associate('Good')
  const bad = stateManager.associate('Bad', { DocumentVersion: '3' })

  await refresh(node)
  const failure = await ended(node, bad)
  assert.deepEqual(stateManager.told(bad).at(-1), 'Failed:ExecutionError')
  assert.equal(
    failure.summary,
    '1 out of 1 plugin processed, 0 success, 1 failed, 0 timedout, 0 skipped. ' +
      '\nThe operation s failed because failed to run commands: exit status 7.',
  )
  const told = await node.server.until('both items', () =>
    stateManager.compliance.find(({ Items }) => (Items as unknown[]).length === 2),
  )
  const items = Object.fromEntries((told.Items as { Id: string }[]).map((item) => [item.Id, item]))
  const rest = { Severity: 'UNSPECIFIED', Title: '' }
  assert.deepEqual(items, {
    [good]: { Id: good, ...rest, Status: 'COMPLIANT', Details: { DocumentName: 'Good', DocumentVersion: '$DEFAULT' } },
    [bad]: { Id: bad, ...rest, Status: 'NON_COMPLIANT', Details: { DocumentName: 'Bad', DocumentVersion: '3' } },
  })
  assert.equal(told.ResourceType, 'ManagedInstance')
})

test('STM-19 a node that starts asks for its associations by itself', async () => {
  await using node = await TestNode.registered()
  storeDocument(node, 'Once', shellDocument(['true']))
  const id = node.server.stateManager.associate('Once')
  await node.start()
  await ended(node, id)
  assert.equal(node.server.stateManager.told(id).at(-1), 'Success')
})

test('STM-04 an association without a schedule runs once, however often the node asks', async () => {
  await using node = await TestNode.connected(eager)
  storeDocument(node, 'Once', shellDocument(['true']))
  const id = node.server.stateManager.associate('Once')
  await ended(node, id)
  const asked = () => node.server.calls.filter(({ operation }) => operation === 'ListInstanceAssociations').length
  const before = asked()
  await node.server.until('five more polls', () => asked() > before + 5)
  assert.equal(node.server.stateManager.told(id).filter((status) => status === 'Success').length, 1)
})

test('STM-06 what the server lists as pending runs again', async () => {
  await using node = await TestNode.connected(eager)
  const { stateManager } = node.server
  storeDocument(node, 'Edited', shellDocument(['true']))
  const id = stateManager.associate('Edited', { ScheduleExpression: 'rate(30 minutes)' })
  await ended(node, id)
  stateManager.associations.get(id)!.DetailedStatus = 'Pending'
  await ended(node, id, 2)
})

test('STM-06 what was handed out waits for its turn, also when the node asks again meanwhile', async () => {
  await using node = await TestNode.connected(eager)
  const { stateManager } = node.server
  storeDocument(node, 'Long', shellDocument(['sleep 0.5']))
  storeDocument(node, 'Short', shellDocument(['true']))
  const pending = { DetailedStatus: 'Pending', ScheduleExpression: 'rate(1 day)', LastExecutionDate: Date.now() / 1000 }
  const ids = ['Long', 'Short', 'Short'].map((name) => stateManager.associate(name, pending))
  for (const id of ids) await ended(node, id)
  const begun = stateManager.statuses.filter(({ summary }) => summary === 'Executing association')
  assert.deepEqual(
    begun.map(({ id }) => id),
    ids,
  )
})

test('STM-06 a list that was long on its way takes nothing back that was handed out meanwhile', async () => {
  await using node = await TestNode.connected()
  const { server } = node
  const gate = `${node.state}/gate`
  storeDocument(node, 'Long', shellDocument([`while [ ! -e ${gate} ]; do sleep 0.05; done`]))
  storeDocument(node, 'Short', shellDocument(['true']))
  await refresh(node, server.stateManager.associate('Long'))
  const ran = { ScheduleExpression: 'rate(1 day)', LastExecutionDate: Date.now() / 1000 }
  const short = server.stateManager.associate('Short', ran)
  const lists = () => server.calls.filter(({ operation }) => operation === 'ListInstanceAssociations').length
  const before = lists()
  const arrival = Promise.withResolvers<void>()
  server.delayAnswer('ListInstanceAssociations', arrival.promise)
  const first = refresh(node, 'no-other')
  await server.until('the first list', () => lists() > before)
  server.stateManager.associations.get(short)!.DetailedStatus = 'Pending'
  const second = refresh(node, 'no-other')
  // Time enough for the second to be answered, if it does not wait for the first.
  await server.final(server.sendScript('true'))
  arrival.resolve()
  await Promise.all([first, second])
  await writeFile(gate, '')
  await ended(node, short)
})

test('STM-19 an association does not wait for the commands that keep the node busy', async () => {
  await using node = await TestNode.connected({ limits: { parallel: 1 } })
  const gate = `${node.state}/gate`
  const busy = ['first', 'second'].map(() => node.server.sendScript(`while [ ! -e ${gate} ]; do sleep 0.05; done`))
  storeDocument(node, 'Doc', shellDocument(['true']))
  const id = node.server.stateManager.associate('Doc')
  await refresh(node, id)
  await ended(node, id)
  assert.equal(node.server.repliesOf(busy[1]!).length, 0)
  await writeFile(gate, '')
  for (const command of busy) assert.equal((await node.server.final(command)).documentStatus, 'Success')
})

test('STM-06 clocks that are set back and forth lose no run', async () => {
  let now = Date.now()
  await using node = await TestNode.connected({ ...eager, now: () => now })
  const { stateManager } = node.server
  storeDocument(node, 'Doc', shellDocument(['true']))
  const id = stateManager.associate('Doc', { ScheduleExpression: 'rate(30 minutes)' })
  await ended(node, id)
  for (const [times, hours] of [-5, 9, -9, 0].entries()) {
    now = Date.now() + hours * 3_600_000
    stateManager.associations.get(id)!.DetailedStatus = 'Pending'
    await ended(node, id, times + 2)
  }
})

test('STM-06 a document is fetched once for each checksum', async () => {
  await using node = await TestNode.connected()
  const { stateManager } = node.server
  storeDocument(node, 'Doc', shellDocument(['echo one']))
  const id = stateManager.associate('Doc')
  await refresh(node, id)
  await ended(node, id)
  await refresh(node, id)
  await ended(node, id, 2)
  const fetched = () => node.server.calls.filter(({ operation }) => operation === 'GetDocument').length
  assert.equal(fetched(), 1)
  stateManager.associations.get(id)!.Checksum = 'another'
  await refresh(node, id)
  await ended(node, id, 3)
  assert.equal(fetched(), 2)
})

test('STM-11 documents that are gone, no JSON or cannot be run fail with a code and a reason', async () => {
  await using node = await TestNode.connected()
  const { stateManager } = node.server
  node.server.documents.set('Torn', '{"schemaVersion":')
  storeDocument(node, 'Old', { schemaVersion: '9.9' })
  const gone = stateManager.associate('Gone')
  const torn = stateManager.associate('Torn')
  const old = stateManager.associate('Old')
  const step = await refresh(node)
  assert.equal(step.status, 'Success')
  const codes = new Map([
    [gone, 'Failed:ListAssocError'],
    [torn, 'Failed:InvalidAssoc'],
    [old, 'Failed:InvalidAssoc'],
  ])
  for (const [id, code] of codes) {
    await ended(node, id)
    assert.ok(stateManager.told(id).includes(code), code)
  }
  assert.match(
    stateManager.statuses.find(({ id, status }) => id === old && status === 'Failed')!.summary,
    /version 9\.9/,
  )
})

test('STM-11 a schedule that is none is told once', async () => {
  await using node = await TestNode.connected(eager)
  const { stateManager } = node.server
  storeDocument(node, 'Doc', shellDocument(['true']))
  const id = stateManager.associate('Doc', { ScheduleExpression: 'cron(61 * * * ? *)' })
  const { summary } = await ended(node, id)
  assert.equal(summary, `Encountered error while parsing expression for association ${id}`)
  await node.server.until('a few polls', () => node.server.calls.length > 30)
  assert.deepEqual(stateManager.told(id), ['Failed:InvalidExpression'])
})

test('STM-06 who has heard of the end may have it run again at once', async () => {
  await using node = await TestNode.connected()
  storeDocument(node, 'Doc', shellDocument(['true']))
  const id = node.server.stateManager.associate('Doc', { ScheduleExpression: 'rate(1 day)' })
  for (const times of [1, 2, 3, 4, 5, 6]) {
    void refresh(node, id)
    await ended(node, id, times)
  }
})

test('STM-21 output in a bucket is told with its address', async () => {
  await using node = await TestNode.connected()
  const { stateManager } = node.server
  storeDocument(node, 'Doc', shellDocument(['true']))
  const S3Location = { OutputS3BucketName: 'bucket', OutputS3KeyPrefix: 'asc' }
  const id = stateManager.associate('Doc', { OutputLocation: { S3Location } })
  await refresh(node, id)
  const { input } = await ended(node, id)
  const url = objectOr(objectOr(objectOr(objectOr(input.ExecutionResult).OutputUrl)).S3OutputUrl).OutputUrl
  assert.match(
    String(url),
    new RegExp(`^bucket/asc/${node.server.nodeId}/${id}/\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d\\.\\d{3}Z$`),
  )
})

test('STM-06 what was running when the agent was killed goes on, and is told to a server that was away', async () => {
  await using node = await TestNode.registered()
  const { stateManager } = node.server
  storeDocument(node, 'Long', shellDocument([`echo begun >> ${node.state}/begun`, 'sleep 1', 'echo done']))
  const id = stateManager.associate('Long')
  await using first = await AgentProcess.start(node)
  await node.server.until('the run', () => stateManager.told(id).includes('InProgress'))
  await first.end('SIGKILL')
  await using _ = await AgentProcess.start(node)
  assert.equal((await ended(node, id)).status, 'Success')
  assert.equal(await readFile(`${node.state}/begun`, 'utf8'), 'begun\n')
})

test('a server that answers nonsense costs the node nothing but the answer', async () => {
  await using node = await TestNode.connected(eager)
  const { stateManager } = node.server
  storeDocument(node, 'Doc', shellDocument(['true']))
  for (const nonsense of [
    { Associations: 7 },
    {
      Associations: [null, 3, 'x', [], {}, { AssociationId: '../../etc', Name: 'x' }, { AssociationId: 'a', Name: 9 }],
    },
    {
      Associations: [
        { AssociationId: 'a', Name: 'Doc', Parameters: 5, OutputLocation: 'here', LastExecutionDate: 'x' },
      ],
    },
    { Associations: [{ AssociationId: 'b', Name: 'Doc', Checksum: {}, Parameters: { name: null, other: [{}] } }] },
    { Associations: [], NextToken: 'again' },
  ]) {
    stateManager.nonsense = nonsense
    const before = node.server.calls.length
    await node.server.until('three more calls', () => node.server.calls.length > before + 3)
  }
  stateManager.nonsense = undefined
  const id = stateManager.associate('Doc')
  assert.equal((await ended(node, id)).status, 'Success')
  assert.equal((await node.server.final(node.server.sendScript('echo alive'))).documentStatus, 'Success')
})
