import Box from '@cloudscape-design/components/box'

/** One number that matters, and what it is a part of. */
export function BigNumber({ number, of }: { number: number; of: string }) {
  return (
    <div>
      <span className="st-figure st-number">{number.toLocaleString('en')}</span>{' '}
      <Box variant="span" color="text-body-secondary">
        {of}
      </Box>
    </div>
  )
}
