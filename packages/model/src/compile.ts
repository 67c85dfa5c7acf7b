import type { ShapeTable } from './service-table.ts'

/** The shapes of one service, by name. */
export type Shapes = Readonly<Record<string, ShapeTable>>

/** The shape of that name. A model that lacks it is broken, and so is the build. */
export function shapeOf(shapes: Shapes, name: string): ShapeTable {
  const shape = shapes[name]
  if (!shape) throw new Error(`The model has no shape ${name}`)
  return shape
}

/**
 * Builds one function for each shape, at its first use, and keeps it. While a shape is being built, those that
 * contain themselves get a function that looks the finished one up.
 */
export function compileShapes<Args extends unknown[], Result>(
  build: (shapeName: string, compiled: (shapeName: string) => (...args: Args) => Result) => (...args: Args) => Result,
): (shapeName: string) => (...args: Args) => Result {
  const done = new Map<string, (...args: Args) => Result>()
  const compiled = (shapeName: string): ((...args: Args) => Result) => {
    const known = done.get(shapeName)
    if (known) return known
    done.set(shapeName, (...args) => done.get(shapeName)!(...args))
    const built = build(shapeName, compiled)
    done.set(shapeName, built)
    return built
  }
  return compiled
}
