import { type Document, parseDocument } from 'yaml'

/** A text as YAML, of which JSON is a part, as far as it can be read; what cannot is among its `errors`. Numbers keep their digits. */
export function readYaml(text: string): Document {
  const options = { prettyErrors: false, uniqueKeys: false, logLevel: 'silent', intAsBigInt: true } as const
  try {
    return parseDocument(text, options)
  } catch (error) {
    // The reader recurses: text made of nothing but brackets ends its stack.
    if (error instanceof RangeError) return parseDocument('[', options)
    throw error
  }
}
