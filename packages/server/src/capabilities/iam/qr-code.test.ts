import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inflateSync } from 'node:zlib'
import { png } from './png.ts'
import { qrCode } from './qr-code.ts'

/** Read back with an independent decoder before it was written down here. */
const STEWARD = `
#######..###..#######
#.....#.##....#.....#
#.###.#..####.#.###.#
#.###.#.....#.#.###.#
#.###.#.#...#.#.###.#
#.....#..#..#.#.....#
#######.#.#.#.#######
...........##........
#.#.#.#..###....#..#.
..##.#........##....#
.###.#####..#...#.###
..#.##..#.#...##....#
#.....####..#.###...#
........####.#.##...#
#######...##.########
#.....#..#.###.##...#
#.###.#.#.##.##.##.##
#.###.#.......#.#..#.
#.###.#.#...#..###..#
#.....#...#...#....#.
#######.#...#.#.#..##
`

test('a text becomes the code that readers know', () => {
  const drawn = qrCode('steward').map((row) => row.map((dark) => (dark ? '#' : '.')).join(''))
  assert.equal(drawn.join('\n'), STEWARD.trim())
})

test('the version is the smallest that holds the text, and what none of ours holds is refused', () => {
  const sizeFor = (length: number) => qrCode('x'.repeat(length)).length
  assert.deepEqual([14, 15, 26, 27, 213, 214, 666].map(sizeFor), [21, 25, 25, 29, 57, 61, 97])
  assert.throws(() => qrCode('x'.repeat(667)), RangeError)
})

test('a picture has a light margin and one bit for a pixel', () => {
  const picture = png([[true]], 2, 1)
  assert.equal(picture.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n')
  assert.deepEqual([picture.readUInt32BE(16), picture.readUInt32BE(20), picture[24], picture[25]], [6, 6, 1, 0])
  const length = picture.readUInt32BE(33)
  const pixels = inflateSync(picture.subarray(41, 41 + length))
  const light = [0, 0b11111100]
  const dark = [0, 0b11001100]
  assert.deepEqual([...pixels], [light, light, dark, dark, light, light].flat())
})
