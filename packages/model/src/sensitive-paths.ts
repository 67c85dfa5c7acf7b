import { type Shapes, shapeOf } from './compile.ts'

/** Where a shape holds values that must not be logged. Lists add `[]` to the path and map values `{}`. */
export function sensitivePaths(shapes: Shapes, shapeName: string): string[] {
  const paths: string[] = []
  collect(shapes, shapeName, '', [], paths)
  return paths
}

function collect(shapes: Shapes, shapeName: string, path: string, above: readonly string[], paths: string[]): void {
  if (above.includes(shapeName)) return
  const shape = shapeOf(shapes, shapeName)
  const below = [...above, shapeName]
  if (shape.sensitive) paths.push(path)
  else if (shape.type === 'list') collect(shapes, shape.member!.shape, `${path}[]`, below, paths)
  else if (shape.type === 'map') collect(shapes, shape.value!.shape, `${path}{}`, below, paths)
  else {
    for (const [name, member] of Object.entries(shape.members ?? {})) {
      collect(shapes, member.shape, path === '' ? name : `${path}.${name}`, below, paths)
    }
  }
}
