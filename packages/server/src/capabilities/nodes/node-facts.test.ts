import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FACT_COLUMNS, type FactColumns, factsToStore, readFacts } from './node-facts.ts'

const text = fc.option(fc.string(), { nil: null })
const columns: fc.Arbitrary<FactColumns> = fc.record({
  activation_id: fc.uuid(),
  iam_role: fc.string(),
  registered_at: fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date('2200-01-01') })
    .map((date) => date.toISOString()),
  name: text,
  agent_name: text,
  agent_version: text,
  platform_type: fc.constantFrom('Windows', 'Linux', 'MacOS', null),
  platform_name: text,
  platform_version: text,
  computer_name: text,
  ip_address: text,
})

test('the text of a node’s facts says what its columns say, each time it is read', () => {
  fc.assert(
    fc.property(columns, (stored) => {
      const { facts: written } = factsToStore(stored)
      for (const facts of [readFacts(written), readFacts(written)]) {
        assert.deepEqual(
          [facts.activationId, facts.iamRole, facts.registeredAt.toISOString(), facts.name, facts.agentName],
          [
            stored.activation_id,
            stored.iam_role,
            stored.registered_at,
            stored.name ?? undefined,
            stored.agent_name ?? undefined,
          ],
        )
        assert.deepEqual(
          [
            facts.agentVersion,
            facts.platformType,
            facts.platformName,
            facts.platformVersion,
            facts.computerName,
            facts.ipAddress,
          ],
          FACT_COLUMNS.slice(5).map((name) => stored[name] ?? undefined),
        )
      }
    }),
  )
})
