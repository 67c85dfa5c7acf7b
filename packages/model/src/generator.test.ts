import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { type BotocoreModel, flagInternal, mergeModels } from '../generate/botocore.ts'
import { SERVICES } from '../generate/services.ts'
import { toTable } from '../generate/tables.ts'
import { printTypes } from '../generate/type-definitions.ts'
import type { ServiceTable } from './service-table.ts'

const PACKAGE = path.resolve(import.meta.dirname, '..')

function readJson<T>(...file: string[]): T {
  return JSON.parse(readFileSync(path.join(PACKAGE, ...file), 'utf8')) as T
}

/** A model with these shapes and nothing else. */
function model(shapes: BotocoreModel['shapes'], more: Partial<BotocoreModel> = {}): BotocoreModel {
  const metadata = readJson<BotocoreModel>('additions', 'steward.json').metadata
  return { metadata, operations: {}, shapes, ...more }
}

test('the committed tables hold every addition', () => {
  for (const service of SERVICES) {
    const table = readJson<ServiceTable>('services', `${service.name}.json`)
    for (const name of service.additions) {
      const addition = readJson<BotocoreModel>('additions', `${name}.json`)
      const expected = toTable({ ...addition, metadata: table.metadata, operations: flagInternal(addition) })
      for (const [operation, value] of Object.entries(expected.operations)) {
        assert.deepEqual(table.operations[operation], value, `${operation}: run npm run generate`)
      }
      for (const [shape, value] of Object.entries(expected.shapes)) {
        assert.deepEqual(table.shapes[shape], value, `${shape}: run npm run generate`)
      }
    }
  }
})

test('an addition may extend a shape but never change it', () => {
  const base = model({ Colour: { type: 'string', enum: ['red'] }, Thing: { type: 'structure', members: {} } })
  const extensions = { Colour: { enum: ['blue'] }, Thing: { members: { Colour: { shape: 'Colour' } } } }
  const merged = mergeModels(base, [model({}, { extensions })])
  assert.deepEqual(merged.shapes.Colour, { type: 'string', enum: ['red', 'blue'] })
  assert.deepEqual(merged.shapes.Thing, { type: 'structure', members: { Colour: { shape: 'Colour' } } })
  assert.throws(() => mergeModels(base, [model({ Colour: { type: 'string' } })]), /shape Colour/)
  assert.throws(() => mergeModels(base, [model({}, { extensions: { Colour: { enum: ['red'] } } })]), /Colour red/)
  assert.throws(
    () => mergeModels(base, [model({}, { extensions: { Shape: { enum: ['x'] } } })]),
    /does not have: Shape/,
  )
})

test('only traits that matter on the wire are kept, sorted by name', () => {
  const shapes = {
    B: { type: 'string', min: 1, documentation: 'long text' },
    A: { type: 'structure', members: { M: { shape: 'B', box: true, location: 'uri' } } },
  } as unknown as BotocoreModel['shapes']
  assert.equal(
    JSON.stringify(toTable(model(shapes)).shapes),
    '{"A":{"type":"structure","members":{"M":{"shape":"B","location":"uri"}}},"B":{"type":"string","min":1}}',
  )
})

test('types name required members plainly, and shapes may contain themselves', () => {
  const types = printTypes(
    toTable(
      model({
        Tree: {
          type: 'structure',
          required: ['When'],
          members: {
            When: { shape: 'Date' },
            Kind: { shape: 'Kind' },
            Trees: { shape: 'Trees' },
            ByKind: { shape: 'ByKind' },
          },
        },
        Trees: { type: 'list', member: { shape: 'Tree' } },
        ByKind: { type: 'map', key: { shape: 'Kind' }, value: { shape: 'Trees' } },
        Kind: { type: 'string', enum: ['oak', 'ash'] },
        Date: { type: 'timestamp' },
        Empty: { type: 'structure', members: {} },
        Gone: { type: 'structure', members: {}, exception: true, error: { code: 'GoneAway' } },
      }),
    ),
    'For the test.',
  )
  for (const line of [
    '  When: Date\n',
    '  Kind?: Kind | undefined\n',
    'export type Trees = Tree[]\n',
    'export type ByKind = { [key in Kind]?: Trees }\n',
    'export type Kind = "oak" | "ash"\n',
    'export type Empty = { [name: string]: never }\n',
    'export type ErrorCode =\n  | "GoneAway"\n',
  ]) {
    assert.ok(types.includes(line), line)
  }
})
