import assert from 'node:assert/strict'
import { test } from 'node:test'
import { s3Address } from './address.ts'

const OWN = ['localhost', 'example.com', 'steward.example.com']

test('a bucket stands in the path, or in the host before a name of ours or of S3', () => {
  for (const [host, path, level, bucket, key] of [
    ['127.0.0.1:8470', '/', 'service', '', ''],
    ['127.0.0.1:8470', '/box', 'bucket', 'box', ''],
    ['127.0.0.1:8470', '/box/', 'bucket', 'box', ''],
    ['127.0.0.1:8470', '/box/a/b%20c%2Fd', 'object', 'box', 'a/b c/d'],
    ['localhost:8470', '/box//a//', 'object', 'box', '/a//'],
    ['box.localhost:8470', '/', 'bucket', 'box', ''],
    ['box.localhost:8470', '/a/b', 'object', 'box', 'a/b'],
    ['box.example.com', '/a', 'object', 'box', 'a'],
    ['box.s3.us-east-1.amazonaws.com', '/a', 'object', 'box', 'a'],
    ['box.s3-eu-west-1.amazonaws.com', '/', 'bucket', 'box', ''],
    ['s3.us-east-1.amazonaws.com', '/box/a', 'object', 'box', 'a'],
    ['s3.localhost:8470', '/box', 'bucket', 'box', ''],
    ['s3.us-east-1.steward.example.com', '/box/a', 'object', 'box', 'a'],
    ['box.s3.us-east-1.steward.example.com', '/a', 'object', 'box', 'a'],
    ['steward.example.com', '/box', 'bucket', 'box', ''],
    ['other.example.org', '/box', 'bucket', 'box', ''],
  ] as const) {
    assert.deepEqual(s3Address(host, path, OWN), { level, bucket, key }, `${host}${path}`)
  }
})

test('a path that is no text is refused', () => {
  assert.throws(() => s3Address('localhost', '/box/%ff', OWN), { code: 'InvalidURI' })
})
