/** The items of all pages of a list. */
export async function pages<Page extends { NextToken?: string | undefined }, Item>(
  ask: (nextToken: string | undefined) => Promise<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const items: Item[] = []
  let nextToken: string | undefined
  do {
    const page = await ask(nextToken)
    items.push(...(itemsOf(page) ?? []))
    nextToken = page.NextToken
  } while (nextToken)
  return items
}
