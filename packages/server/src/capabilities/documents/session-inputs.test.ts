import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ApiError } from '#kernel/api-error.ts'
import { type RawInputs, sessionInputs } from './session-inputs.ts'

test('SM-04 what is left out, empty, or not known yet has the value that AWS documents', () => {
  const defaults = sessionInputs({})
  assert.partialDeepStrictEqual(defaults, { idleSessionTimeout: '20', maxSessionDuration: '', runAsEnabled: false })
  const empty = { idleSessionTimeout: '', s3EncryptionEnabled: '', shellProfile: null, kmsKeyId: '{{ key }}' }
  assert.deepEqual(sessionInputs(empty), defaults)
})

test('SM-04 booleans and minutes are also taken in the other form in which people write them', () => {
  const read = sessionInputs({ runAsEnabled: 'True', cloudWatchStreamingEnabled: 'false', idleSessionTimeout: 5 })
  assert.partialDeepStrictEqual(read, {
    runAsEnabled: true,
    cloudWatchStreamingEnabled: false,
    idleSessionTimeout: '5',
  })
})

const NAMES = ['idleSessionTimeout', 'runAsEnabled', 'kmsKeyId', 'shellProfile', 'stewardSessionPolicy']

test('SM-04 inputs are read or refused with an error of ours, whatever they say', () => {
  const inputs = fc.dictionary(fc.constantFrom(...NAMES), fc.jsonValue())
  fc.assert(
    fc.property(inputs, (raw) => {
      try {
        sessionInputs(raw as RawInputs)
      } catch (error) {
        assert.ok(error instanceof ApiError)
      }
    }),
  )
})
