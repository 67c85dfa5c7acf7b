import KeyValuePairs, { type KeyValuePairsProps } from '@cloudscape-design/components/key-value-pairs'

/** Pixels. In narrower columns words would be broken. */
const COLUMN_WIDTH = 180

/** What is known of something, in as many columns as there is room for. */
export function Properties(props: KeyValuePairsProps) {
  return <KeyValuePairs minColumnWidth={COLUMN_WIDTH} {...props} />
}
