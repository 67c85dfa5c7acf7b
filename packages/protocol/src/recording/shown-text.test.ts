import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ShownText } from './shown-text.ts'

function shown(...pieces: string[]): string[] {
  const text = new ShownText()
  const lines = pieces.flatMap((piece, index) => text.add(piece, index * 100))
  return [...lines, ...text.end()].map((line) => line.text)
}

test('SM-12 lines are what remained of the output', () => {
  const cases: [string, string[]][] = [
    ['one\r\ntwo\r\n', ['one', 'two']],
    ['lss\b \b -la\r\n', ['ls -la']],
    ['10%\r50%\r100%\n', ['100%']],
    ['\x1b[1;31mred\x1b[0m text\n', ['red text']],
    ['\x1b]0;a title\x07prompt $ \n', ['prompt $']],
    ['\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\\n', ['link']],
    ['a\tb\n', ['a       b']],
    ['abcdef\x1b[3D\x1b[K!\n', ['abc!']],
    ['abcdef\x1b[6D\x1b[2Pxx\n', ['xxef']],
    ['abef\x1b[2D\x1b[2@cd\n', ['abcdef']],
    ['abc\x1b[2J\x1b[Htop\x1b[5;1Hfifth', ['abc', 'top', 'fifth']],
    ['wrong\x1b[2K\rright\n', ['right']],
    ['\x1b(B\x1b=\x1b[?2004hx\n', ['x']],
    ['  \n\n', []],
  ]
  for (const [output, lines] of cases) assert.deepEqual(shown(output), lines, JSON.stringify(output))
})

test('SM-12 a line has the time of its first character, a very long one is given in pieces', () => {
  const text = new ShownText()
  assert.deepEqual(text.add('ab', 100), [])
  assert.deepEqual(text.add('c\nd', 200), [{ milliseconds: 100, text: 'abc' }])
  assert.deepEqual(text.end(), [{ milliseconds: 200, text: 'd' }])
  assert.deepEqual(
    text.add('x'.repeat(10_000), 300).map((line) => line.text.length),
    [4096, 4096],
  )
})

test('SM-12 where the output is cut makes no difference, and nothing that a program writes is a fault', () => {
  const bits = fc.constantFrom(
    'a',
    'word ',
    '\r',
    '\n',
    '\b',
    '\t',
    '\x1b',
    '[',
    '3',
    ';',
    'K',
    'H',
    ']0;',
    '\x07',
    '\x1b[2P',
    '\x1b[999999C',
  )
  fc.assert(
    fc.property(fc.array(bits, { maxLength: 60 }), (pieces) => {
      assert.deepEqual(shown(...pieces), shown(pieces.join('')))
    }),
  )
})

test('SM-12 reading may begin anew only where nothing is on the line', () => {
  const text = new ShownText()
  const blank = ['one\n', 'tw', 'o\r\n', '\x1b', '[0m', '\x1b]0;ti', 'tle\x07'].map((piece) => {
    text.add(piece, 0)
    return text.isBlank
  })
  assert.deepEqual(blank, [true, false, true, false, true, false, true])
})
