import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { enumOrder, hashMapOrder, javaHash } from './java-order.ts'

test('text is hashed as in Java', () => {
  assert.equal(javaHash(''), 0)
  assert.equal(javaHash('String'), -1808118735)
})

describe('X-06 enumerations are listed in the order of recorded answers', () => {
  // [values in the order of the model, the same as AWS printed them]
  const recorded: Record<string, [string, string]> = {
    'SSM PutParameter Type': ['String StringList SecureString', 'SecureString StringList String'],
    'CloudWatch SetAlarmState StateValue': ['OK ALARM INSUFFICIENT_DATA', 'INSUFFICIENT_DATA ALARM OK'],
    'EventBridge CreateApiDestination HttpMethod': [
      'POST GET HEAD OPTIONS PUT PATCH DELETE',
      'HEAD POST PATCH DELETE PUT GET OPTIONS',
    ],
    'CloudWatch Logs PutDeliveryDestination OutputFormat': ['json plain w3c raw parquet', 'w3c raw json plain parquet'],
    'Step Functions ListExecutions StatusFilter': [
      'RUNNING SUCCEEDED FAILED TIMED_OUT ABORTED PENDING_REDRIVE',
      'SUCCEEDED TIMED_OUT PENDING_REDRIVE ABORTED FAILED RUNNING',
    ],
    'KMS CreateKey KeySpec': [
      'RSA_2048 RSA_3072 RSA_4096 ECC_NIST_P256 ECC_NIST_P384 ECC_NIST_P521 ECC_SECG_P256K1 SYMMETRIC_DEFAULT HMAC_224 HMAC_256 HMAC_384 HMAC_512',
      'RSA_2048 ECC_NIST_P384 ECC_NIST_P256 ECC_NIST_P521 HMAC_384 RSA_3072 ECC_SECG_P256K1 RSA_4096 SYMMETRIC_DEFAULT HMAC_256 HMAC_224 HMAC_512',
    ],
    'API Gateway CreateDocumentationPart Type': [
      'API AUTHORIZER MODEL RESOURCE METHOD PATH_PARAMETER QUERY_PARAMETER REQUEST_HEADER REQUEST_BODY RESPONSE RESPONSE_HEADER RESPONSE_BODY',
      'RESPONSE_BODY RESPONSE METHOD MODEL AUTHORIZER RESPONSE_HEADER RESOURCE PATH_PARAMETER REQUEST_BODY QUERY_PARAMETER API REQUEST_HEADER',
    ],
    'API Gateway UpdateRestApi Op': ['add remove replace move copy test', 'add remove move test replace copy'],
  }
  for (const [name, [model, printed]] of Object.entries(recorded)) {
    test(name, () => assert.deepEqual(enumOrder(model.split(' ')), printed.split(' ')))
  }
})

describe('X-06 failing members are told in the order of recorded answers', () => {
  // In the order in which DynamoDB got them: filters came to queries after the rest.
  const QUERY =
    'tableName indexName select attributesToGet limit consistentRead keyConditions scanIndexForward exclusiveStartKey ' +
    'returnConsumedCapacity queryFilter conditionalOperator projectionExpression filterExpression ' +
    'keyConditionExpression expressionAttributeNames expressionAttributeValues'
  const SCAN =
    'tableName indexName attributesToGet limit select scanFilter conditionalOperator exclusiveStartKey ' +
    'returnConsumedCapacity totalSegments segment projectionExpression filterExpression expressionAttributeNames ' +
    'expressionAttributeValues consistentRead'
  // [all members, those that failed as AWS told them]
  const recorded: Record<string, [string, string]> = {
    'DynamoDB Query': [
      QUERY,
      'select indexName returnConsumedCapacity queryFilter tableName conditionalOperator attributesToGet limit keyConditions',
    ],
    'DynamoDB Scan': [
      SCAN,
      'select indexName totalSegments returnConsumedCapacity tableName conditionalOperator scanFilter segment limit',
    ],
    'API Gateway UpdateMethodResponse': [
      'restApiId resourceId httpMethod statusCode patchOperations',
      'patchOperations statusCode',
    ],
    'EventBridge CreateApiDestination': [
      'name description connectionArn invocationEndpoint httpMethod invocationRateLimitPerSecond',
      'connectionArn httpMethod',
    ],
  }
  for (const [name, [all, told]] of Object.entries(recorded)) {
    test(name, () => {
      const expected = told.split(' ')
      assert.deepEqual(
        hashMapOrder(all.split(' ')).filter((member) => expected.includes(member)),
        expected,
      )
    })
  }
})
