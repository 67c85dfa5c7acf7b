import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, listAt, parseXml } from './xml.ts'

test('an answer of the Query protocol is read: elements, lists, text with its entities', () => {
  const root = parseXml(
    '<?xml version="1.0"?>\n<R xmlns="urn:x"><Result><Name>a &lt;b&gt; &amp; &#65;&#x42;</Name><Empty/>' +
      '<List><member>1</member><member>2</member></List></Result></R>',
  )
  assert.equal(root.name, 'R')
  assert.equal(at(root, 'Result', 'Name')?.text, 'a <b> & AB')
  assert.equal(at(root, 'Result', 'Empty')?.text, '')
  assert.equal(at(root, 'Result', 'None', 'Deeper'), undefined)
  assert.deepEqual(
    listAt(root, 'Result', 'List').map(({ text }) => text),
    ['1', '2'],
  )
})

test('what is no XML is refused', () => {
  for (const text of ['', 'text', '<a>', '<a></b>', '<a/><b/>']) assert.throws(() => parseXml(text))
})
