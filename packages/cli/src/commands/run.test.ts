import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UsageFault } from '#fault.ts'
import { type RunOptions, SHELL_SCRIPT, toRequest } from './run.ts'

function options(more: Partial<RunOptions>): RunOptions {
  return { document: SHELL_SCRIPT, param: {}, follow: true, ...more }
}

test('the words behind the hyphens are one line for the shell', () => {
  assert.deepEqual(toRequest(['ls', '-l', '/tmp'], options({ nodes: ['mi-1'] })), {
    DocumentName: 'AWS-RunShellScript',
    InstanceIds: ['mi-1'],
    Parameters: { commands: ['ls -l /tmp'] },
  })
})

test('every option reaches the request', () => {
  const targets = [{ Key: 'tag:role', Values: ['web'] }]
  const request = toRequest(
    ['uptime'],
    options({
      targets,
      param: { workingDirectory: ['/tmp'] },
      comment: 'why',
      maxConcurrency: '10%',
      maxErrors: '1',
      timeout: 30,
      executionTimeout: 5,
    }),
  )
  assert.deepEqual(request, {
    DocumentName: 'AWS-RunShellScript',
    Targets: targets,
    Parameters: { workingDirectory: ['/tmp'], commands: ['uptime'], executionTimeout: ['5'] },
    Comment: 'why',
    MaxConcurrency: '10%',
    MaxErrors: '1',
    TimeoutSeconds: 30,
  })
})

test('another document needs no command line', () => {
  assert.deepEqual(toRequest([], options({ nodes: ['mi-1'], document: 'My-Document' })), {
    DocumentName: 'My-Document',
    InstanceIds: ['mi-1'],
  })
})

test('without a place or without a command nothing is sent', () => {
  assert.throws(() => toRequest(['uptime'], options({})), UsageFault)
  assert.throws(() => toRequest([], options({ nodes: ['mi-1'] })), UsageFault)
  assert.doesNotThrow(() => toRequest([], options({ nodes: ['mi-1'], param: { commands: ['uptime'] } })))
})
