/** Whether a version of four numbers is newer than another; one of another form is newer than none. */
export function isNewer(version: string, than: string): boolean {
  const parts = numbers(version)
  const others = numbers(than)
  if (!parts || !others) return false
  const at = parts.findIndex((part, i) => part !== others[i])
  return at >= 0 && parts[at]! > others[at]!
}

function numbers(version: string): number[] | undefined {
  return /^\d+(\.\d+){3}$/.test(version) ? version.split('.').map(Number) : undefined
}
