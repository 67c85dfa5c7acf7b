import Box from '@cloudscape-design/components/box'
import Spinner from '@cloudscape-design/components/spinner'
import { useEffect, useState } from 'react'
import { common } from '#texts/common.ts'

const PATIENCE_MS = 200

/** Something is on its way. Shows nothing at first: most things are there before anybody could read it. */
export function Waiting({ what = common.loading }: { what?: string }) {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <Box textAlign="center" padding={{ vertical: 'xxl' }} color="text-body-secondary">
      {late && (
        <span role="status">
          <Spinner /> {what}
        </span>
      )}
    </Box>
  )
}
