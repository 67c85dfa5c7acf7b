import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { CreateActivationCommand, SSMClient } from '@aws-sdk/client-ssm'
import type { VerifyAuditTrailResult } from '@steward/model/generated/steward.ts'
import { signRequest } from '@steward/protocol/signature.ts'
import { startServer } from '@steward/testkit'
import { jsonCall } from '#door/testing/raw-call.ts'
import { toConfig } from '#kernel/config.ts'
import { silentLogger } from '#kernel/logger.ts'
import { type House, startHouse } from '../../../house.ts'

test('X-20 one flipped byte in the database file is found, and the record is named', async () => {
  const data = mkdtempSync(join(tmpdir(), 'steward-audit-'))
  try {
    await using house = await start(data)
    for (let index = 0; index < 5; index++)
      await call(house, 'AmazonSSM.ListCommands', 'ssm', { MaxResults: 10 + index })
    assert.deepEqual(pick(await verify(house)), { Complete: true, Intact: true, LastRecord: 5 })
    await house.stop()

    const file = join(data, 'steward.db')
    const bytes = readFileSync(file)
    const place = bytes.indexOf('"requestParameters":{"maxResults":12}')
    assert.ok(place > 0)
    bytes[place + 35]! ^= 1
    writeFileSync(file, bytes)
    await using again = await start(data)
    const verdict = await verify(again)
    assert.deepEqual(pick(verdict), { Complete: true, Intact: false, LastRecord: 2 })
    assert.equal(verdict.Fault?.Record, 3)
    assert.equal(verdict.Fault?.EventName, 'ListCommands')
  } finally {
    rmSync(data, { recursive: true })
  }
})

test('X-20 an export is one piece of the chain, and ends although it is on record itself', async () => {
  await using server = await startServer()
  const ssm = server.client(SSMClient)
  for (let index = 0; index < 3; index++) await ssm.send(new CreateActivationCommand({ IamRole: 'R' }))
  const exported: { Number: number; PreviousHash: string; Hash: string; Event: string }[] = []
  let NextToken: unknown
  do {
    const { json } = await jsonCall(server, 'Steward.ExportAuditTrail', { NextToken }, { service: 'steward' })
    exported.push(...(json.Records as typeof exported))
    NextToken = json.NextToken
  } while (NextToken)
  assert.deepEqual(
    exported.map(({ Number: number, Event }) => [number, JSON.parse(Event).eventName]),
    [1, 2, 3].map((number) => [number, 'CreateActivation']),
  )
  assert.equal(exported[1]?.PreviousHash, exported[0]?.Hash)
})

function start(data: string): Promise<House> {
  const env = { STEWARD_DATA: data, STEWARD_HTTP: '127.0.0.1:0', STEWARD_HTTPS: 'off', STEWARD_LOCAL_NODE: 'off' }
  return startHouse(toConfig(env, data), silentLogger)
}

async function verify(house: House): Promise<VerifyAuditTrailResult> {
  return (await call(house, 'Steward.VerifyAuditTrail', 'steward', {})) as VerifyAuditTrailResult
}

function pick({ Complete, Intact, LastRecord }: VerifyAuditTrailResult) {
  return { Complete, Intact, LastRecord }
}

async function call(house: House, target: string, service: string, input: object) {
  const url = new URL(`http://127.0.0.1:${house.http.port}/`)
  const body = JSON.stringify(input)
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target }
  const signable = { method: 'POST', url, headers, body, service, region: 'us-east-1', date: new Date() }
  const { host: _host, ...signed } = signRequest(signable, house.rootKey)
  const response = await fetch(url, { method: 'POST', headers: signed, body })
  assert.equal(response.status, 200)
  return response.json()
}
