import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { type ContentFile, readContent, removeContent, writeContent } from './content-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'steward-content-'))
after(() => rmSync(folder, { recursive: true }))

const CHUNK = 64 * 1024
const SOURCE = randomBytes(20 * CHUNK)

const newFile = (): ContentFile => ({ folder, file: randomUUID(), contentKey: randomBytes(32) })
const pathOf = ({ file }: ContentFile) => join(folder, file.slice(0, 2), file)

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(place: ContentFile, size: number, start = 0, end = size): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of readContent(place, size, start, end)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

test('content comes back as it was written, whole and in ranges, however it came', async () => {
  const sizes = fc.oneof(
    fc.constantFrom(0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 17 * CHUNK),
    fc.nat(SOURCE.length),
  )
  await fc.assert(
    fc.asyncProperty(sizes, fc.integer({ min: 500, max: 200_000 }), fc.nat(), fc.nat(), async (size, piece, a, b) => {
      const place = newFile()
      const content = SOURCE.subarray(0, size)
      assert.equal(await writeContent(place, pieces(content, piece)), size)
      assert.ok((await read(place, size)).equals(content))
      const [start, end] = [a % (size + 1), b % (size + 1)].sort((x, y) => x - y) as [number, number]
      assert.ok((await read(place, size, start, end)).equals(content.subarray(start, end)))
    }),
    { numRuns: 25 },
  )
})

test('nothing of the content can be read in the file', async () => {
  const place = newFile()
  await writeContent(place, pieces(Buffer.alloc(100_000, 'secret '), 5000))
  assert.equal(readFileSync(pathOf(place)).includes('secret'), false)
})

test('a file that was changed, cut off, or is another’s does not open', async () => {
  const place = newFile()
  const size = 3 * CHUNK
  await writeContent(place, pieces(SOURCE.subarray(0, size), CHUNK))
  const sealed = readFileSync(pathOf(place))
  await assert.rejects(read({ ...place, contentKey: randomBytes(32) }, size))
  await assert.rejects(read(place, 2 * CHUNK), 'a chunk that is not the last')
  sealed[CHUNK + 100]! ^= 1
  writeFileSync(pathOf(place), sealed)
  assert.ok((await read(place, size, 0, CHUNK)).equals(SOURCE.subarray(0, CHUNK)), 'what is before is whole')
  await assert.rejects(read(place, size))
  truncateSync(pathOf(place), 2 * (CHUNK + 16))
  await assert.rejects(read(place, size, 2 * CHUNK, size))
})

test('a file that is removed is gone, and may be removed again', async () => {
  const place = newFile()
  await writeContent(place, pieces(SOURCE, CHUNK))
  await removeContent(folder, place.file)
  await removeContent(folder, place.file)
  assert.equal(existsSync(pathOf(place)), false)
})
