import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withPrincipalRenamed } from './rename-principal.ts'

const ANN = 'arn:aws:iam::000000000000:user/ann'
const ID = 'AIDAEXAMPLE'

for (const [what, before, after] of [
  ['alone', `{"Statement":{"Principal":{"AWS":"${ANN}"}}}`, `{"Statement":{"Principal":{"AWS":"${ID}"}}}`],
  [
    'in lists, and the text stays as it was written',
    `{ "Statement" : [ {"Principal":{"AWS":["${ANN}", "*"]}},\n{"NotPrincipal":{ "AWS":["1", "${ANN}"]}} ] }`,
    `{ "Statement" : [ {"Principal":{"AWS":["${ID}", "*"]}},\n{"NotPrincipal":{ "AWS":["1", "${ID}"]}} ] }`,
  ],
  [
    'with escaped characters',
    `{"Statement":[{"Principal":{"AWS":"${ANN.replaceAll('/', '\\/').replace('ann', '\\u0061nn')}"}}]}`,
    `{"Statement":[{"Principal":{"AWS":"${ID}"}}]}`,
  ],
  [
    'not in conditions, nor as another kind of principal',
    `{"Statement":[{"Principal":{"Service":"${ANN}"},"Condition":{"ArnEquals":{"aws:PrincipalArn":"${ANN}"}}}]}`,
    undefined,
  ],
  ['not where it only begins so', `{"Statement":[{"Principal":{"AWS":"${ANN}a"}},{"Principal":"*"}]}`, undefined],
] as const) {
  test(`a principal of a policy is renamed ${what}`, () => {
    assert.equal(withPrincipalRenamed(before, ANN, ID), after ?? before)
  })
}
