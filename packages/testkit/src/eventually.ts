const FIRST_WAIT_MS = 5
const LONGEST_WAIT_MS = 80
/** Long, because test files share two cores; only a failing test waits for it. */
const PATIENCE_MS = 20_000

/**
 * Waits for something that happens soon: looks again and again until `look` neither throws nor answers false, and
 * returns its answer. In the end throws what `look` threw last.
 */
export async function eventually<T>(look: () => T | Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const until = performance.now() + patienceMs
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    try {
      const found = await look()
      if (found !== false) return found
      if (performance.now() > until) throw new Error(`It did not come true within ${patienceMs} ms: ${look}`)
    } catch (error) {
      if (performance.now() > until) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
}
