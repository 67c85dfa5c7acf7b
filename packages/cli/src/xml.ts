/** Reads the answers of the Query protocol: elements and text, no more of XML than those services write. */

export interface XmlElement {
  readonly name: string
  readonly text: string
  readonly children: readonly XmlElement[]
}

const TOKEN = /<\?[^>]*\?>|<(\/?)([\w.:-]+)[^>]*?(\/?)>|([^<]+)/g
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** Throws for what is no such document. */
export function parseXml(document: string): XmlElement {
  const root = { name: '', text: '', children: [] as XmlElement[] }
  const open = [root]
  for (const [, closing, name, empty, text] of document.matchAll(TOKEN)) {
    const current = open.at(-1)!
    if (text !== undefined) current.text += unescaped(text)
    else if (closing) {
      if (current.name !== name)
        throw new Error(`The answer is no XML: ${name} is closed, but ${current.name} is open.`)
      open.pop()
    } else if (name !== undefined) {
      const element = { name, text: '', children: [] }
      current.children.push(element)
      if (!empty) open.push(element)
    }
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error('The answer is no XML.')
  return root.children[0]!
}

/** The first element at a path below this one. */
export function at(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce((from, name) => from?.children.find((child) => child.name === name), element)
}

/** The elements of a list: `<Groups><member>…</member></Groups>`. */
export function listAt(element: XmlElement | undefined, ...path: readonly string[]): readonly XmlElement[] {
  return at(element, ...path)?.children.filter(({ name }) => name === 'member') ?? []
}

/** The pairs of a map: `<Attributes><entry><key>…</key><value>…</value></entry></Attributes>`. */
export function mapAt(element: XmlElement | undefined, ...path: readonly string[]): ReadonlyMap<string, string> {
  const entries = at(element, ...path)?.children.filter(({ name }) => name === 'entry') ?? []
  return new Map(entries.map((entry) => [at(entry, 'key')?.text ?? '', at(entry, 'value')?.text ?? '']))
}

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name) return ENTITIES[name] ?? whole
    return String.fromCodePoint(decimal ? Number(decimal) : Number.parseInt(hex, 16))
  })
}
