/** Parsers of options, as commander calls them: a sentence that is thrown stands behind the name of the option. */
import { InvalidArgumentError } from 'commander'
import { parseWholeNumber } from './arguments.ts'

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

export const strings = (text: string, before: string[] | undefined) => [...(before ?? []), text]

export function number(name: string, least: number, most: number): (text: string) => number {
  return faults((text) => parseWholeNumber(name, text, least, most))
}
