/** Finds anything by its name, wherever it is in the console. */
export function GlobalSearch() {
  return null
}
