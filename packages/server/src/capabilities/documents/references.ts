import { within } from './content-path.ts'
import { parameterNotDeclared } from './errors.ts'
import type { ParameterDeclaration } from './parameter-declaration.ts'
import { stringsIn, type Tree, type TreeMap } from './tree.ts'

// Other double braces (`{{ ssm:name }}`, `{{ global:DATE }}`, `{{ step.Output }}`, a template of some other tool) are no
// references to parameters and stay as they are.
const REFERENCE = /\{\{\s*([a-zA-Z0-9]+)\s*\}\}/g
const WHOLE_REFERENCE = /^\s*\{\{\s*([a-zA-Z0-9]+)\s*\}\}\s*$/

/** Refuses a `{{ name }}` anywhere in these trees that names no declared parameter (DOC-12a). */
export function requireDeclared(
  parameters: readonly ParameterDeclaration[] | undefined,
  trees: Iterable<Tree | undefined>,
): void {
  const declared = new Set(parameters?.map(({ name }) => name))
  for (const tree of trees) {
    if (tree === undefined) continue
    for (const text of stringsIn(tree)) {
      for (const [, name] of text.matchAll(REFERENCE)) if (!declared.has(name!)) throw parameterNotDeclared(name!)
    }
  }
}

/** The same for some members of a mapping. */
export function requireDeclaredIn(
  parameters: readonly ParameterDeclaration[] | undefined,
  map: TreeMap,
  members: readonly string[],
): void {
  for (const member of members) within([member], () => requireDeclared(parameters, [map.get(member)]))
}

/** True if the text holds a reference to a parameter of the document. */
export function hasReference(text: string): boolean {
  return text.search(REFERENCE) >= 0
}

/** The parameter that a text consists of, if it is nothing but one reference. */
export function wholeReference(text: string): string | undefined {
  return WHOLE_REFERENCE.exec(text)?.[1]
}
