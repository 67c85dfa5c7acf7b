import { type Shapes, shapeOf } from './compile.ts'
import type { ShapeReference, ShapeTable } from './service-table.ts'

/** Where the members of an input or output travel: some in path, query and headers, the rest in the body. */
export interface RestBindings {
  /** Members outside the body, with the name they have there. */
  located: { name: string; wireName: string; reference: ShapeReference; shape: ShapeTable }[]
  /** Members of the JSON body. */
  body: { name: string; shapeName: string }[]
}

/** The bindings of a structure. */
export function restBindings(shapes: Shapes, shapeName: string): RestBindings {
  const members = Object.entries(shapeOf(shapes, shapeName).members ?? {})
  return {
    located: members
      .filter(([, reference]) => reference.location)
      .map(([name, reference]) => ({
        name,
        wireName: reference.locationName ?? name,
        reference,
        shape: shapeOf(shapes, reference.shape),
      })),
    body: members
      .filter(([, reference]) => !reference.location)
      .map(([name, reference]) => ({ name, shapeName: reference.shape })),
  }
}

/** The shape of the member that is the whole body, if the structure has such a member. */
export function payloadMember(shapes: Shapes, shapeName: string): ShapeTable | undefined {
  const shape = shapeOf(shapes, shapeName)
  return shape.payload === undefined ? undefined : shapeOf(shapes, shape.members![shape.payload]!.shape)
}
