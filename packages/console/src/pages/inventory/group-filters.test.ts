import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupFilters } from './group-filters.ts'

const token = (property: string | undefined, operator: string, value: string) => ({ property, operator, value })
const filters = (operation: 'and' | 'or', ...tokens: ReturnType<typeof token>[]) =>
  groupFilters('AWS:Application', ['Name', 'Version'], { tokens, operation })

test('RG-15 a search that filters of GetInventory can say makes a group', () => {
  assert.deepEqual(filters('and', token('Name', '=', 'openssl'), token('Version', '<', '3.0.15')), [
    { Key: 'AWS:Application.Name', Values: ['openssl'], Type: 'Equal' },
    { Key: 'AWS:Application.Version', Values: ['3.0.15'], Type: 'LessThan' },
  ])
  assert.equal(filters('or', token('Name', '!=', 'a'))?.length, 1)
})

test('RG-15 any other search does not', () => {
  const name = token('Name', '=', 'a')
  assert.equal(filters('and'), undefined)
  assert.equal(filters('or', name, name), undefined)
  assert.equal(filters('and', name, token('Name', ':', 'a')), undefined)
  assert.equal(filters('and', name, token(undefined, '=', 'a')), undefined)
  assert.equal(filters('and', name, token('node_name', '=', 'a')), undefined)
  assert.equal(filters('and', name, name, name, name, name, name), undefined)
})
