/**
 * A function that remembers what it made of each text, while the texts together have no more than `characters`; the oldest is forgotten
 * first. `make` must depend on nothing but the text, so nothing that is remembered can be stale, and the value is shared: nobody
 * may change it.
 */
export function rememberedByText<V>(characters: number, make: (text: string) => V): (text: string) => V {
  const known = new Map<string, V>()
  let held = 0
  return (text) => {
    const value = known.get(text)
    if (value !== undefined) return value
    const made = make(text)
    known.set(text, made)
    held += text.length
    for (const [oldest] of known) {
      if (held <= characters) break
      known.delete(oldest)
      held -= oldest.length
    }
    return made
  }
}
