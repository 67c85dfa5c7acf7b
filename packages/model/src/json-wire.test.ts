import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as sdk from '@aws-sdk/client-ssm'
import * as fc from 'fast-check'
import { loadService } from './index.ts'
import { captive, type WireRequest } from './testing/captive-client.ts'
import { arbitraryOf } from './testing/shape-arbitraries.ts'

const ssm = loadService('ssm')
const PUBLIC = ssm.operations.filter((name) => !ssm.operation(name)!.internal)

let answer = ''
let seen: WireRequest | undefined
const client = new sdk.SSMClient(
  captive((request) => {
    seen = request
    return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: answer }
  }),
)

/** Sends an input through AWS's own client, answered with this text. */
async function send(name: string, input: object, body: string): Promise<{ request: WireRequest; output: object }> {
  answer = body
  const Command = (sdk as unknown as Record<string, new (input: object) => sdk.SendCommandCommand>)[`${name}Command`]!
  const { $metadata, ...output } = await client.send(new Command(input))
  return { request: seen!, output }
}

test('X-06 what the SDK sends for any valid input is read as that input', async () => {
  for (const name of PUBLIC) {
    const model = ssm.operation(name)!
    await fc.assert(
      fc.asyncProperty(arbitraryOf(ssm.shapes, model.inputShape!), async (input) => {
        const { request } = await send(name, input as object, '{}')
        assert.equal(request.headers['x-amz-target'], `${ssm.targetPrefix}.${name}`)
        const { value, violations, typeError } = model.validateInput(JSON.parse(request.body))
        assert.equal(typeError, undefined)
        assert.deepEqual(violations, [])
        // The SDK fills in tokens of idempotency by itself.
        assert.deepEqual({ ...value, ...(input as object) }, value, name)
      }),
      { numRuns: 2 },
    )
  }
})

test('what we write for any valid output is read by the SDK as that output', async () => {
  for (const name of PUBLIC) {
    const model = ssm.operation(name)!
    await fc.assert(
      fc.asyncProperty(arbitraryOf(ssm.shapes, model.outputShape!), async (output) => {
        const read = await send(name, smallestInput(model.inputShape!), model.renderOutput(output as object) as string)
        assert.deepEqual(read.output, output, name)
      }),
      { numRuns: 2 },
    )
  }
})

test('a key of a map named __proto__ is a key like any other', () => {
  const parameters = '{"__proto__":["a"]}'
  const { value } = ssm
    .operation('StartAutomationExecution')!
    .validateInput(JSON.parse(`{"DocumentName":"abc","Parameters":${parameters}}`))
  assert.equal(JSON.stringify((value as Partial<sdk.StartAutomationExecutionRequest>).Parameters), parameters)
  const Details = JSON.parse(parameters)
  const text = ssm
    .operation('GetAutomationExecution')!
    .renderOutput({ AutomationExecution: { StepExecutions: [{ FailureDetails: { Details } }] } })
  assert.equal(text, `{"AutomationExecution":{"StepExecutions":[{"FailureDetails":{"Details":${parameters}}}]}}`)
})

/** The SDK insists on required members being named, not on their values. */
function smallestInput(shapeName: string): object {
  return Object.fromEntries((ssm.shapes[shapeName]!.required ?? []).map((name) => [name, undefined]))
}
