import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { amazonAgentLines, type Enrolment, stewardAgentLine } from './enrolment-lines.ts'

const enrolment: Enrolment = {
  url: 'https://steward.example:8471',
  publicKeyPin: `sha256//${'A'.repeat(43)}=`,
  caPem: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
  region: 'eu-test-1',
  activationId: '67c5b518-ddb5-401c-959f-1edc473d2bad',
  activationCode: 'NUsshdc1BCF7oHxpGgBR',
}

test('HYB-15 one line fetches the installer from the server with the pinned key and hands it the activation', () => {
  assert.equal(
    stewardAgentLine(enrolment),
    `curl -fsS -k --pinnedpubkey 'sha256//${'A'.repeat(43)}=' https://steward.example:8471/install/agent.sh` +
      ' | sudo sh -s -- --activation-id 67c5b518-ddb5-401c-959f-1edc473d2bad --activation-code NUsshdc1BCF7oHxpGgBR',
  )
})

test("the lines for Amazon's agent are a valid script, and its configuration names the server with a scheme", () => {
  const lines = amazonAgentLines(enrolment)
  assert.equal(spawnSync('sh', ['-n'], { input: lines, encoding: 'utf8' }).stderr, '')
  const configuration = JSON.parse(/amazon-ssm-agent\.json <<'END'\n(.*?)\nEND/s.exec(lines)![1]!)
  assert.deepEqual(configuration, {
    Ssm: { Endpoint: enrolment.url },
    Mds: { Endpoint: enrolment.url },
    Mgs: { Endpoint: enrolment.url, Region: 'eu-test-1' },
    Kms: { Endpoint: enrolment.url },
    Agent: { Region: 'eu-test-1' },
    Identity: { ConsumptionOrder: ['OnPrem'] },
  })
  assert.match(lines, /SSL_CERT_FILE=(\S+) AWS_CA_BUNDLE=\1\n/)
})
