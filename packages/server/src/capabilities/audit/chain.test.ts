import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { EMPTY, faultOf, GENESIS, type Head, headAfter, recordHash, sealed } from './chain.ts'
import type { AuditSealTable } from './tables.ts'

const seal = (text: string) => hash('sha256', `key ${text}`, 'hex')

type Sealed = Omit<AuditSealTable, 'filter'>

interface Chain {
  links: Sealed[]
  content: Map<string, string>
}

/** A chain of links with so many records each. */
function chainOf(sizes: readonly number[]): Chain {
  const chain: Chain = { links: [], content: new Map() }
  let head: Head = EMPTY
  for (const [link, size] of sizes.entries()) {
    const lines = Array.from({ length: size }, (_, index) => JSON.stringify({ eventID: `${link}.${index}`, what: 'x' }))
    // The records of a link may be in one entry or in several.
    const entries = link % 2 ? [`e${link}`] : lines.map((_, index) => `e${link}.${index}`)
    const times = { firstAt: `2026-01-0${link + 1}`, lastAt: `2026-01-0${link + 1}` }
    const row = sealed(head, { entries, lines, ...times }, seal)
    for (const [index, id] of entries.entries()) chain.content.set(id, link % 2 ? lines.join('\n') : lines[index]!)
    chain.links.push(row)
    head = headAfter(row)
  }
  return chain
}

/** The number of the first bad record; undefined if the chain is whole. */
function firstBad({ links, content }: Chain): number | undefined {
  let head: Head = EMPTY
  for (const link of links) {
    const fault = faultOf(head, link, content, seal)
    if (fault) return fault.record
    head = headAfter(link)
  }
  return undefined
}

const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 6 })

test('X-20 the hash of a record is SHA-256 over the previous hash, a line feed and the record', () => {
  assert.equal(recordHash(GENESIS, '{}'), hash('sha256', `${'0'.repeat(64)}\n{}`, 'hex'))
})

test('X-20 a chain that nobody touched is whole', () => {
  fc.assert(fc.property(sizes, (wanted) => firstBad(chainOf(wanted)) === undefined))
})

test('X-20 one changed character of a record is found, and the record is named', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 127 }), (wanted, nth, position, flip) => {
      const chain = chainOf(wanted)
      const total = wanted.reduce((sum, size) => sum + size, 0)
      const record = nth % total
      let before = 0
      for (const { entries } of chain.links) {
        for (const id of entries.split(' ')) {
          const lines = chain.content.get(id)!.split('\n')
          const line = lines[record - before]
          before += lines.length
          if (line === undefined || before - lines.length > record) continue
          const at = position % line.length
          const changed = String.fromCharCode(line.charCodeAt(at) ^ flip)
          if (changed === '\n') return
          lines[lines.indexOf(line)] = line.slice(0, at) + changed + line.slice(at + 1)
          chain.content.set(id, lines.join('\n'))
          assert.equal(firstBad(chain), record + 1)
          return
        }
      }
      assert.fail('There is no such record.')
    }),
  )
})

test('X-20 any change of what was noted with the records is found', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), (wanted, nth) => {
      const members = Object.keys(chainOf([1]).links[0]!) as (keyof Sealed)[]
      for (const member of members) {
        const chain = chainOf(wanted)
        const index = nth % chain.links.length
        const link = chain.links[index]!
        const value = link[member]
        chain.links[index] = { ...link, [member]: typeof value === 'number' ? value + 1 : `${value}0` }
        assert.notEqual(firstBad(chain), undefined, member)
      }
    }),
  )
})

test('X-20 a record or link that was taken out, put in or moved is found', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), (wanted, nth) => {
      const index = nth % (wanted.length - 1)
      const without = chainOf(wanted)
      const [gone] = without.links.splice(index, 1)
      assert.equal(firstBad(without), gone!.first_record)

      const swapped = chainOf(wanted)
      swapped.links.splice(index, 2, swapped.links[index + 1]!, swapped.links[index]!)
      assert.equal(firstBad(swapped), gone!.first_record)

      const missing = chainOf(wanted)
      missing.content.delete(missing.links[index]!.entries.split(' ')[0]!)
      assert.equal(firstBad(missing), gone!.first_record)

      const grown = chainOf(wanted)
      const id = grown.links[index]!.entries.split(' ').at(-1)!
      grown.content.set(id, `${grown.content.get(id)}\n{}`)
      assert.equal(firstBad(grown), gone!.first_record + gone!.records)
    }),
  )
})

test('X-20 a chain that was computed anew without the key of the installation is found', () => {
  const forged = chainOf([2, 2])
  const other = sealed(EMPTY, { entries: ['e'], lines: ['{"x":1}'], firstAt: '', lastAt: '' }, (text) => `${text} `)
  assert.equal(firstBad({ links: [other], content: new Map([['e', '{"x":1}']]) }), 1)
  assert.equal(firstBad(forged), undefined)
})
