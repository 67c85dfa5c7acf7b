/** Negative when the first version is the earlier one, 0 when they are equal: number by number, missing ones are 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)]
  const at = Array.from({ length: Math.max(left.length, right.length) }, (_, index) => index)
  return at.map((index) => (left[index] ?? 0) - (right[index] ?? 0)).find((difference) => difference !== 0) ?? 0
}

function numbersOf(version: string): number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10) || 0)
}
