import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  ackStatus,
  ackVerdict,
  decodeAgentMessage,
  formatAgentJob,
  formatAgentJobAck,
  formatAgentJobReply,
  formatAgentJobReplyAck,
  formatCancelCommand,
  formatOutputAck,
  formatOutputChunk,
  formatReply,
  formatSendCommand,
  formatTokenFrame,
  isFinal,
  jobIdOf,
  outputChunkLimit,
  ProtocolError,
  parseAgentJob,
  parseAgentJobAck,
  parseAgentJobReply,
  parseAgentJobReplyAck,
  parseCancelCommand,
  parseJobId,
  parseOutputAck,
  parseOutputChunk,
  parseReply,
  parseSendCommand,
  parseTokenFrame,
} from '#index.ts'

const text = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8').trim()
const frame = (name: string) => decodeAgentMessage(Buffer.from(text(name).replaceAll('\n', ''), 'hex'))

const commandId = '3cb8081c-669f-4d58-8423-e17c84836415'
const jobId = `aws.ssm.${commandId}.mi-6444a764262facef2`

test('the captured acknowledgement of a job is read, and written as Amazon writes it', () => {
  const { payload } = frame('agent_job_ack.hex')
  const ack = parseAgentJobAck(payload)
  assert.equal(ack.statusCode, '200')
  assert.equal(formatAgentJobAck(ack), Buffer.from(payload).toString())
})

test('the golden job carries a command with typed parameters', () => {
  const job = parseAgentJob(text('agent_job.json'))
  assert.equal(job.jobId, jobId)
  assert.equal(formatAgentJob(job), text('agent_job.json'))
  const content = parseSendCommand(job.content)
  assert.deepEqual(content.parameters, { commands: ['echo hello', 'echo oops >&2', 'exit 3'] })
  assert.equal(content.cloudWatchOutputEnabled, false)
  assert.deepEqual(parseSendCommand(formatSendCommand(content)), content)
})

test('a command needs only its id and its document', () => {
  const content = parseSendCommand('{"CommandId":"c-1","DocumentContent":{},"Extra":1}')
  assert.deepEqual(content.parameters, {})
  assert.equal(content.documentName, '')
})

test('the id of a command cannot leave its folder on the node', () => {
  assert.throws(() => parseSendCommand('{"CommandId":"../etc","DocumentContent":{}}'), ProtocolError)
})

test('the golden cancel job names the command to end', () => {
  const job = parseAgentJob(text('agent_job_cancel.json'))
  assert.deepEqual(parseCancelCommand(job.content), { commandId, nodeId: 'mi-6444a764262facef2' })
  assert.equal(formatCancelCommand(jobId), job.content)
})

test('the golden reply tells of one failed step', () => {
  const reply = parseReply(parseAgentJobReply(text('agent_job_reply.json')).content)
  assert.equal(reply.documentStatus, 'Failed')
  assert.equal(reply.steps['aws:runShellScript']?.code, 3)
  assert.deepEqual(reply.statusCounts, { Failed: 1 })
  assert.deepEqual(parseReply(formatReply(reply)), reply)
})

test('a first reply has null where a later one has maps', () => {
  const golden = parseAgentJobReply(text('agent_job_reply_accepted.json'))
  assert.equal(formatAgentJobReply(golden), text('agent_job_reply_accepted.json'))
  const reply = parseReply(golden.content)
  assert.deepEqual(reply.steps, {})
  assert.match(formatReply(reply), /"runtimeStatusCounts":null.*"runtimeStatus":null/)
})

test('dates of the year 1 and empty fields of a reply are accepted', () => {
  const step = { status: 'Failed', code: 1, name: '', startDateTime: '0001-01-01T00:00:00.000Z' }
  const reply = parseReply(JSON.stringify({ documentStatus: 'Failed', runtimeStatus: { a: step } }))
  assert.equal(reply.steps.a?.startDateTime, '0001-01-01T00:00:00.000Z')
  assert.equal(reply.steps.a?.standardOutput, '')
})

test('the golden acknowledgement of a reply is matched by the id of its frame', () => {
  const ack = parseAgentJobReplyAck(text('agent_job_reply_ack.json'))
  assert.equal(ack.acknowledgedMessageId, '1024e829-93a1-4c3e-b7a8-6f2f9a0c4b11')
  assert.equal(formatAgentJobReplyAck(ack), text('agent_job_reply_ack.json'))
})

test('the golden token frame is read, and written as Amazon writes it', () => {
  const token = parseTokenFrame(text('token_frame.json'))
  assert.equal(token.tokenValue, 'tok-d9d4e269d3713ab4')
  assert.equal(formatTokenFrame(token), text('token_frame.json'))
})

test('the golden output chunk carries raw bytes', () => {
  const { messageType, payload } = frame('steward_output.hex')
  const chunk = parseOutputChunk(payload)
  assert.equal(messageType, 'steward_output')
  assert.deepEqual(
    { ...chunk, data: Buffer.from(chunk.data).toString('latin1') },
    {
      jobId,
      step: 'aws:runShellScript',
      stream: 'stdout',
      offset: 32768,
      data: 'hello\n\xff',
    },
  )
  assert.deepEqual(Buffer.from(formatOutputChunk(chunk)), Buffer.from(payload))
})

test('the golden output acknowledgement asks to stop', () => {
  const ack = parseOutputAck(text('steward_output_ack.json'))
  assert.deepEqual(ack, { jobId, step: 'aws:runShellScript', stream: 'stdout', offset: 65536, stop: true })
  assert.equal(formatOutputAck(ack), text('steward_output_ack.json'))
  assert.equal(parseOutputAck(formatOutputAck({ ...ack, stop: false })).stop, false)
})

test('an output chunk over the limit or shorter than its head is refused', () => {
  const chunk = { jobId, step: 's', stream: 'stdout', offset: 0 } as const
  const large = formatOutputChunk({ ...chunk, data: new Uint8Array(outputChunkLimit + 1) })
  assert.throws(() => parseOutputChunk(large), ProtocolError)
  assert.throws(() => parseOutputChunk(large.subarray(0, 20)), ProtocolError)
  assert.throws(() => parseOutputChunk(new Uint8Array(3)), ProtocolError)
})

test('a job id is the command and the node', () => {
  assert.equal(jobIdOf(commandId, 'mi-6444a764262facef2'), jobId)
  assert.deepEqual(parseJobId(jobId), { commandId, nodeId: 'mi-6444a764262facef2' })
  for (const wrong of ['', 'aws.ssm.a', 'aws.ssm.a.b.c', 'x.ssm.a.b'])
    assert.throws(() => parseJobId(wrong), ProtocolError)
  assert.throws(() => jobIdOf('a.b', 'mi-1'), ProtocolError)
})

test('a refused job is failed or kept for later, and an unknown code is kept', () => {
  assert.equal(ackVerdict(ackStatus.duplicateCommand.statusCode), 'accepted')
  assert.equal(ackVerdict('51402'), 'later')
  assert.equal(ackVerdict('51408'), 'failed')
  assert.equal(ackVerdict('59999'), 'later')
})

test('a status after which the node reboots is not final', () => {
  assert.equal(isFinal('SuccessAndReboot'), false)
  assert.equal(isFinal('TimedOut'), true)
})

const parsers = {
  parseAgentJob,
  parseAgentJobAck,
  parseAgentJobReply,
  parseAgentJobReplyAck,
  parseCancelCommand,
  parseOutputAck,
  parseReply,
  parseSendCommand,
  parseTokenFrame,
}

for (const [name, parse] of Object.entries(parsers)) {
  test(`${name} answers any JSON with a value or a ProtocolError`, () => {
    const members = [
      'SchemaVersion',
      'JobId',
      'jobId',
      'Content',
      'content',
      'runtimeStatus',
      'documentStatus',
      'offset',
    ]
    const object = fc.dictionary(fc.oneof(fc.constantFrom(...members), fc.string()), fc.jsonValue())
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          object.map((value) => JSON.stringify(value)),
        ),
        (payload) => {
          try {
            parse(payload)
          } catch (error) {
            assert.ok(error instanceof ProtocolError)
          }
        },
      ),
    )
  })
}

test('a payload that is not UTF-8 is a ProtocolError', () => {
  assert.throws(() => parseAgentJob(new Uint8Array([0x22, 0xff, 0x22])), ProtocolError)
})

test('parseOutputChunk answers any bytes with a chunk or a ProtocolError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (payload) => {
      try {
        parseOutputChunk(payload)
      } catch (error) {
        assert.ok(error instanceof ProtocolError)
      }
    }),
  )
})
