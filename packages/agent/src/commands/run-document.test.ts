import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import type { JsonObject, Reply, StepResult } from '@steward/protocol'
import { type SentCommand, shellDocument, stepsDocument } from '#testing/stub-server.ts'
import { TestNode } from '#testing/test-node.ts'

/** The last reply of a document, and the results of its steps by name. */
async function run(
  node: TestNode,
  document: JsonObject,
  parameters: JsonObject = {},
): Promise<{ final: Reply; steps: Steps }> {
  const command: SentCommand = node.server.send(document, parameters)
  const final = await node.server.final(command)
  return { final, steps: Object.assign({}, ...node.server.repliesOf(command).map((reply) => reply.steps)) }
}

type Steps = { [name: string]: StepResult }

test('schema 1.2 runs every element of properties into one result', async () => {
  await using node = await TestNode.connected()
  const property = (runCommand: string[]) => ({ id: '0.aws:runShellScript', runCommand, timeoutSeconds: '60' })
  const { final } = await run(node, {
    schemaVersion: '1.2',
    runtimeConfig: {
      'aws:runShellScript': {
        properties: [property(['echo one']), property(['echo two >&2; exit 4']), property(['echo three'])],
      },
    },
  })
  const step = final.steps['aws:runShellScript']!
  assert.equal(final.documentStatus, 'Failed')
  assert.deepEqual([step.status, step.code], ['Failed', 4])
  assert.equal(step.standardOutput, 'one\n\n\nthree\n')
  assert.match(step.standardError, /two\nfailed to run commands: exit status 4/)
})

test('DOC-22 a 1.2 plugin without any properties has nothing to do, and succeeds', async () => {
  await using node = await TestNode.connected()
  const runtimeConfig = { 'aws:runShellScript': { properties: [] } }
  const { final } = await run(node, { schemaVersion: '1.2', runtimeConfig })
  const step = final.steps['aws:runShellScript']!
  assert.equal(final.documentStatus, 'Success')
  assert.deepEqual([step.status, step.code, step.standardOutput, step.standardError], ['Success', 0, '', ''])
})

test('a failed step does not stop the next one, and of several steps the last reply has none', async () => {
  await using node = await TestNode.connected()
  const { final, steps } = await run(
    node,
    stepsDocument({ a: { runCommand: ['exit 1'] }, b: { runCommand: ['echo b'] } }),
  )
  assert.deepEqual([final.documentStatus, Object.keys(final.steps)], ['Failed', []])
  assert.equal(steps.b!.standardOutput, 'b\n')
})

test('AGT-09 onFailure exit skips the rest, but not a finallyStep', async () => {
  await using node = await TestNode.connected()
  const { final, steps } = await run(
    node,
    stepsDocument({
      a: { runCommand: ['echo x', 'exit 3'], onFailure: 'exit' },
      b: { runCommand: ['echo b'] },
      c: { runCommand: ['echo finally'], finallyStep: true },
    }),
  )
  const sentence = '\nStep was found to have onFailure property. Further document steps will be skipped.'
  assert.deepEqual([steps.a!.status, steps.a!.code], ['Failed', 3])
  assert.equal(steps.a!.standardOutput, `x\n${sentence}`)
  assert.equal(steps.a!.standardError, `failed to run commands: exit status 3${sentence}`)
  assert.deepEqual(
    [steps.b!.status, steps.b!.output],
    ['Skipped', 'Plugin with name aws:runShellScript and id b skipped due to prior step with an exit condition'],
  )
  assert.equal(steps.c!.standardOutput, 'finally\n')
  assert.equal(final.documentStatus, 'Failed')
})

test('AGT-09 onFailure successAndExit makes a success of it', async () => {
  await using node = await TestNode.connected()
  const { final, steps } = await run(
    node,
    stepsDocument({ a: { runCommand: ['exit 3'], onFailure: 'successAndExit' }, b: { runCommand: ['true'] } }),
  )
  assert.deepEqual([steps.a!.status, steps.a!.code, steps.b!.status], ['Success', 168, 'Skipped'])
  assert.equal(final.documentStatus, 'Success')
})

test('AGT-09 onSuccess exit skips the rest of a document', async () => {
  await using node = await TestNode.connected()
  const { steps } = await run(
    node,
    stepsDocument({ a: { runCommand: ['true'], onSuccess: 'exit' }, b: { runCommand: ['true'] } }),
  )
  assert.deepEqual([steps.a!.status, steps.b!.status], ['Success', 'Skipped'])
})

test('exit codes 168 and 169 end a document as success and as failure', async () => {
  await using node = await TestNode.connected()
  for (const [code, status] of [
    [168, 'Success'],
    [169, 'Failed'],
  ] as const) {
    const { final, steps } = await run(
      node,
      stepsDocument({ a: { runCommand: ['echo o', 'echo e >&2', `exit ${code}`] }, b: { runCommand: ['true'] } }),
    )
    assert.deepEqual(
      [final.documentStatus, steps.a!.status, steps.a!.code, steps.b!.status],
      [status, status, code, 'Skipped'],
    )
    assert.match(steps.a!.standardOutput, new RegExp(`^o\\n\\nStep exited with code ${code}\\.`))
    if (code === 168) assert.equal(steps.a!.standardError, '')
    else
      assert.match(steps.a!.standardError, /^e\nfailed to run commands: exit status 169\nStep exited with code 169\./)
  }
})

test('a script that ends with 137 has timed out, as with the other agent', async () => {
  await using node = await TestNode.connected()
  const { final } = await run(node, shellDocument(['exit 137']))
  assert.deepEqual([final.steps.run!.status, final.steps.run!.code], ['TimedOut', 137])
})

test('unknown plugins fail, known ones of other platforms are skipped in 2.2 and fail before', async () => {
  await using node = await TestNode.connected()
  const document = (schemaVersion: string, action: string) => ({
    schemaVersion,
    mainSteps: [{ action, name: 's', inputs: {} }],
  })
  const unknown = (await run(node, document('2.2', 'aws:nosuch'))).final.steps.s!
  assert.deepEqual([unknown.status, unknown.code], ['Failed', 1])
  assert.equal(
    unknown.output,
    'Plugin with name aws:nosuch is not supported by this version of ssm agent, please update to latest version. Step name: s',
  )
  assert.equal((await run(node, document('2.2', 'aws:psModule'))).final.steps.s!.status, 'Skipped')
  assert.equal((await run(node, document('2.0', 'aws:psModule'))).final.steps.s!.status, 'Failed')
})

test('plugins that only the other agent has on this platform fail, unless the step is for another one', async () => {
  await using node = await TestNode.connected()
  const names = ['aws:configurePackage', 'aws:configureDocker', 'aws:runDockerAction']
  for (const action of [...names, 'aws:domainJoin']) {
    const step = { action, name: 's', inputs: {} }
    const { final } = await run(node, { schemaVersion: '2.2', mainSteps: [step] })
    assert.deepEqual([final.documentStatus, final.steps.s!.status], ['Failed', 'Failed'])
    assert.equal(
      final.steps.s!.output,
      `Plugin with name ${action} is not supported by this version of ssm agent, please update to latest version. Step name: s`,
    )
    const precondition = { StringEquals: ['platformType', 'Windows'] }
    const elsewhere = await run(node, { schemaVersion: '2.2', mainSteps: [{ ...step, precondition }] })
    assert.equal(elsewhere.final.steps.s!.status, 'Skipped')
  }
})

test('a step for another platform is skipped', async () => {
  await using node = await TestNode.connected()
  const precondition = { StringEquals: ['platformType', 'Windows'] }
  const { final, steps } = await run(node, {
    schemaVersion: '2.2',
    mainSteps: [{ action: 'aws:runShellScript', name: 'winonly', inputs: { runCommand: ['true'] }, precondition }],
  })
  assert.equal(final.documentStatus, 'Success')
  assert.equal(
    steps.winonly!.output,
    `Step execution skipped due to unsatisfied preconditions: '"StringEquals": [platformType, Windows]'. Step name: winonly`,
  )
})

test('a script runs with its environment and in its directory, and a first line chooses the interpreter', async () => {
  await using node = await TestNode.connected()
  const workingDirectory = join(node.state, 'with space')
  await mkdir(workingDirectory)
  const { final } = await run(
    node,
    shellDocument(['#!/usr/bin/env bash', 'echo $COLOUR; pwd; [[ a == a ]] && echo bash; cat'], {
      workingDirectory,
      environment: { COLOUR: 'blue' },
    }),
  )
  assert.equal(final.steps.run!.standardOutput, `blue\n${workingDirectory}\nbash\n`)
})

test('a working directory that does not exist fails the step', async () => {
  await using node = await TestNode.connected()
  const { final } = await run(node, shellDocument(['true'], { workingDirectory: '/no/such/place' }))
  assert.deepEqual([final.steps.run!.status, final.steps.run!.code], ['Failed', 1])
  assert.equal(
    final.steps.run!.standardError,
    'failed to run commands: chdir /no/such/place: no such file or directory',
  )
})

test('RC-20 long output is cut in the reply and whole in the output that is streamed', async () => {
  await using node = await TestNode.connected()
  const command = node.server.sendScript('head -c 700000 /dev/zero | tr "\\0" x', 'echo oops >&2', 'exit 1')
  const { standardOutput, standardError, output } = (await node.server.final(command)).steps.run!
  assert.equal(standardOutput, `${'x'.repeat(23_980)}--output truncated--`)
  assert.equal(standardError, 'oops\nfailed to run commands: exit status 1')
  assert.ok(output.length <= 2500)
  assert.equal(node.server.output(command, 'run', 'stdout').toString(), 'x'.repeat(700_000))
  assert.equal(node.server.output(command, 'run', 'stderr').toString(), 'oops\n')
})

test('RC-21 output is streamed while the script runs', async () => {
  await using node = await TestNode.connected()
  const gate = join(node.state, 'gate')
  const command = node.server.sendScript(
    'echo early',
    `while [ ! -e ${gate} ] && [ -d ${dirname(gate)} ]; do sleep 0.02; done`,
    'echo late',
  )
  await node.server.until('early output', () => node.server.output(command, 'run', 'stdout').toString() === 'early\n')
  assert.equal(node.server.repliesOf(command).length, 1)
  node.server.disconnect()
  await (await import('node:fs/promises')).writeFile(gate, '')
  await node.server.final(command)
  assert.equal(node.server.output(command, 'run', 'stdout').toString(), 'early\nlate\n')
})

test('RC-21 a server that has enough output says stop', async () => {
  await using node = await TestNode.connected()
  node.server.stopOutputAt = 100_000
  const command = node.server.sendScript('head -c 2000000 /dev/zero | tr "\\0" x')
  await node.server.final(command)
  assert.ok(node.server.output(command, 'run', 'stdout').length < 600_000)
})

test('a server that does not announce itself gets no output frames, one that is silent does not hold up the end', async () => {
  await using node = await TestNode.registered()
  node.server.steward = false
  await node.start({ limits: { outputPatienceMs: 100 } })
  await node.server.final(node.server.sendScript('echo hello'))
  assert.equal(node.server.chunks.length, 0)
  node.server.steward = true
  node.server.acknowledgeOutput = false
  node.server.disconnect()
  await node.server.untilConnected()
  await node.server.final(node.server.sendScript('echo hello'))
  assert.ok(node.server.chunks.length > 0)
})

test('{{ssm:}} is fetched with the node’s credentials', async () => {
  await using node = await TestNode.connected()
  node.server.parameters.set('/greeting', { Type: 'String', Value: 'good morning', Version: 1 })
  const { final } = await run(node, shellDocument(['echo {{ssm:/greeting}}']))
  assert.equal(final.steps.run!.standardOutput, 'good morning\n')
  node.server.parameters.set('/secret', { Type: 'SecureString', Value: 'x', Version: 1 })
  const refused = await run(node, shellDocument(['echo {{ssm:/secret}}']))
  assert.equal(refused.final.documentTraceOutput, 'Parameters [/secret] of type SecureString are not supported')
})

test('aws:runPowerShellScript without PowerShell says so', async () => {
  await using node = await TestNode.connected()
  const path = process.env.PATH
  process.env.PATH = '/nowhere'
  try {
    const { final } = await run(node, {
      schemaVersion: '2.2',
      mainSteps: [{ action: 'aws:runPowerShellScript', name: 'ps', inputs: { runCommand: ['hi'] } }],
    })
    assert.match(final.steps.ps!.standardError, /PowerShell \(pwsh\) is not installed on this node/)
  } finally {
    process.env.PATH = path
  }
})

test('aws:runDocument runs a document of the server as one step', async () => {
  await using node = await TestNode.connected()
  node.server.documents.set(
    'Inner',
    JSON.stringify({
      schemaVersion: '2.2',
      parameters: { word: { type: 'String' } },
      mainSteps: ['one', 'two'].map((name) => ({
        action: 'aws:runShellScript',
        name,
        inputs: { runCommand: [`echo ${name} {{ word }}`] },
      })),
    }),
  )
  const { final } = await run(node, runDocument('SSMDocument', 'Inner:2', { word: 'x' }))
  assert.deepEqual([final.documentStatus, final.steps.nested!.standardOutput], ['Success', 'one x\n\ntwo x\n'])
  const asked = node.server.calls.find(({ operation }) => operation === 'GetDocument')
  assert.deepEqual(asked?.input, { Name: 'Inner', DocumentVersion: '2' })
})

test('aws:runDocument runs YAML that lies on the node, and stops at the third level', async () => {
  await using node = await TestNode.connected()
  const path = join(node.state, 'doc.yaml')
  const yaml = `schemaVersion: "2.2"\nmainSteps:\n- action: aws:runDocument\n  name: again\n  inputs:\n    documentType: LocalPath\n    documentPath: ${path}\n`
  await (await import('node:fs/promises')).writeFile(path, yaml)
  const { final } = await run(node, runDocument('LocalPath', path))
  assert.equal(final.documentStatus, 'Failed')
  assert.match(final.steps.nested!.standardError, /Maximum depth for document execution exceeded/)
})

test('AGT-11 a reboot is not honoured inside aws:runDocument', async () => {
  await using node = await TestNode.connected()
  node.server.documents.set('Inner', JSON.stringify(shellDocument(['exit 194'])))
  const { final } = await run(node, runDocument('SSMDocument', 'Inner'))
  assert.deepEqual([final.documentStatus, final.steps.nested!.status], ['Failed', 'Failed'])
})

test('a document that aws:runDocument cannot get fails the step', async () => {
  await using node = await TestNode.connected()
  const { final } = await run(node, runDocument('SSMDocument', 'Missing'))
  assert.match(final.steps.nested!.standardError, /no such document/)
})

function runDocument(documentType: string, documentPath: string, documentParameters: JsonObject = {}): JsonObject {
  const inputs = { documentType, documentPath, documentParameters: JSON.stringify(documentParameters) }
  return { schemaVersion: '2.2', mainSteps: [{ action: 'aws:runDocument', name: 'nested', inputs }] }
}

test('files of a command are for the agent’s user only', async () => {
  await using node = await TestNode.connected()
  const { final } = await run(node, shellDocument(['stat -c %a "$0"', 'umask', 'readlink /proc/self/fd/1']))
  const [mode, , stdout] = final.steps.run!.standardOutput.split('\n')
  assert.equal(mode, '700')
  assert.equal((await readFile(stdout!)).length > 0, true)
})
