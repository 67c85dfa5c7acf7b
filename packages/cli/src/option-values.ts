/** Parsers of options, as commander calls them: a sentence that is thrown stands behind the name of the option. */
import { InvalidArgumentError } from 'commander'
import { parseList, parseWholeNumber } from './arguments.ts'

export function faults<T>(parseText: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parseText(text)
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message)
    }
  }
}

/** For what may be repeated. */
export function list<T>(parseText: (text: string) => T): (text: string, before: T[] | undefined) => T[] {
  const parseOne = faults(parseText)
  return (text, before) => [...(before ?? []), parseOne(text)]
}

/** For `a,b` that may be repeated: all of them together. */
export const lists = (text: string, before: string[] | undefined) => [...(before ?? []), ...faults(parseList)(text)]

export const strings = (text: string, before: string[] | undefined) => [...(before ?? []), text]

export function number(name: string, least: number, most: number): (text: string) => number {
  return faults((text) => parseWholeNumber(name, text, least, most))
}
