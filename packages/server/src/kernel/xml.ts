/** XML as S3 speaks it: elements with text or other elements, no attributes that matter. */
import { parseXml, type XmlElement } from '@rgrove/parse-xml'
import { escapeText } from '@steward/model/xml.ts'

/** What an element holds. Several elements of one name are a list; what is undefined is not there. */
export type XmlContent =
  | string
  | number
  | boolean
  | Date
  | undefined
  | readonly XmlContent[]
  | { readonly [name: string]: XmlContent }

/** A whole document. */
export function xmlDocument(root: string, content: XmlContent, namespace?: string): string {
  const attribute = namespace ? ` xmlns="${namespace}"` : ''
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${inner(content)}</${root}>`
}

function inner(content: XmlContent): string {
  if (content === undefined) return ''
  if (content instanceof Date) return content.toISOString()
  if (typeof content !== 'object') return escapeText(String(content))
  let text = ''
  for (const [name, value] of Object.entries(content)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) text += `<${name}>${inner(one as XmlContent)}</${name}>`
    }
  }
  return text
}

/** An element that was sent to us. */
export class Xml {
  readonly name: string
  readonly children: readonly Xml[]
  readonly #element: XmlElement

  constructor(element: XmlElement) {
    this.#element = element
    this.name = element.name.replace(/^.*:/, '')
    this.children = element.children.flatMap((child) =>
      child.type === 'element' ? [new Xml(child as XmlElement)] : [],
    )
  }

  get text(): string {
    return this.#element.text
  }

  first(name: string): Xml | undefined {
    return this.children.find((child) => child.name === name)
  }

  all(name: string): Xml[] {
    return this.children.filter((child) => child.name === name)
  }

  /** The text of the first child of that name. */
  textOf(name: string): string | undefined {
    return this.first(name)?.text.trim()
  }
}

/** The root element; undefined if the text is no XML. */
export function readXml(text: string): Xml | undefined {
  try {
    const { root } = parseXml(text)
    return root ? new Xml(root) : undefined
  } catch {
    return undefined
  }
}
