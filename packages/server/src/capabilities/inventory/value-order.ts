import type { ValueOrder } from './inventory-type.ts'

/** Negative if `a` comes before `b`, positive if behind, 0 if they are as good as equal. What is no number comes before all numbers. */
export function compareValues(order: ValueOrder, a: string, b: string): number {
  if (order === 'version') return compareVersions(a, b)
  if (order === 'number') return compareNumbers(numberOf(a), numberOf(b))
  return a < b ? -1 : Number(a > b)
}

function numberOf(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  return Number.isNaN(value) ? -Infinity : value
}

function compareNumbers(a: number, b: number): number {
  return a < b ? -1 : Number(a > b)
}

/**
 * The order of package managers: an epoch first, then runs of digits as numbers and what is between them as text, in which letters
 * come before other characters and `~` before everything, even the end: 1.0~rc1, 1.0, 1.0a, 1.0.1, 1.9, 1.10, 1:0.5.
 */
export function compareVersions(a: string, b: string): number {
  const [epochA, restA] = split(a)
  const [epochB, restB] = split(b)
  return compareDigits(epochA, epochB) || compareRuns(restA, restB)
}

function split(version: string): [epoch: string, rest: string] {
  const epoch = /^(\d+):/.exec(version)?.[1]
  return epoch === undefined ? ['', version] : [epoch, version.slice(epoch.length + 1)]
}

function compareRuns(a: string, b: string): number {
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a, i)) || (j < b.length && !isDigit(b, j))) {
      const difference = rank(a, i) - rank(b, j)
      if (difference !== 0) return difference
      i++
      j++
    }
    const [endA, endB] = [digitsEnd(a, i), digitsEnd(b, j)]
    const difference = compareDigits(a.slice(i, endA), b.slice(j, endB))
    if (difference !== 0) return difference
    i = endA
    j = endB
  }
  return 0
}

/** The end of the text, and digits, which end the run too, are between `~` and everything else. */
function rank(text: string, index: number): number {
  if (index >= text.length || isDigit(text, index)) return 0
  const character = text[index]!
  if (character === '~') return -1
  const code = text.charCodeAt(index)
  return /[A-Za-z]/.test(character) ? code : code + 0x1_0000
}

function isDigit(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  return code >= 48 && code <= 57
}

function digitsEnd(text: string, start: number): number {
  let end = start
  while (end < text.length && isDigit(text, end)) end++
  return end
}

/** Digits of any length. */
function compareDigits(a: string, b: string): number {
  const [x, y] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')]
  return x.length - y.length || (x < y ? -1 : Number(x > y))
}
