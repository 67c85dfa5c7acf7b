import Box from '@cloudscape-design/components/box'
import { compliance } from '#texts/compliance.ts'
import type { First } from './read-compliance.ts'

/** Says that a list goes on where it was cut; nothing of one that is whole. */
export function cutNote(first: First<unknown> | undefined) {
  return first?.isCut && <Box color="text-body-secondary">{compliance.type.first(first.items.length)}</Box>
}
