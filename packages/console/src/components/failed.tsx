import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { failureOf, isAway, isForbidden } from '#api/failure.ts'
import { signedIn } from '#api/sign-in.ts'
import { common } from '#texts/common.ts'
import { ConsoleLink } from './console-link.tsx'

/** What went wrong: a sentence for people, AWS's code, the id of the request; and what to do about it. */
export function Failed({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) {
  const { code, message, requestId } = failureOf(error)
  const forbidden = isForbidden(error)
  const sentence = isAway(error) ? common.failed.away : forbidden ? common.failed.forbidden : common.failed.other
  return (
    <Alert
      type={forbidden ? 'info' : 'error'}
      header={sentence}
      action={
        retry &&
        !forbidden && (
          <Button formAction="none" onClick={retry}>
            {common.retry}
          </Button>
        )
      }
    >
      <SpaceBetween size="xxs">
        {!isAway(error) && <span>{message}</span>}
        {forbidden && (
          <span>
            {common.failed.forbiddenHint} <WhyLink message={message} />
          </span>
        )}
        {!isAway(error) && (
          <Box variant="small" color="text-body-secondary">
            {[code, requestId && common.failed.requestId(requestId)].filter(Boolean).join(' · ')}
          </Box>
        )}
      </SpaceBetween>
    </Alert>
  )
}

/** To the simulator, filled in with what was refused, as AWS's sentence names it. */
function WhyLink({ message }: { message: string }) {
  const [, action, resource] = /perform: (\S+)(?: on resource: (\S+))?/.exec(message) ?? []
  if (!action) return null
  const query = new URLSearchParams({ principal: signedIn()?.principal.arn ?? '', action, resource: resource ?? '*' })
  return <ConsoleLink to={`/access/simulator?${query}`}>{common.failed.why}</ConsoleLink>
}
