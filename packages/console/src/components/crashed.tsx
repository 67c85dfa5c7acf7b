import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import { Component, type ReactNode } from 'react'
import { common } from '#texts/common.ts'

/** Shows what went wrong in a page instead of an empty one. */
export class Crashed extends Component<{ children: ReactNode }, { error?: unknown }> {
  override state: { error?: unknown } = {}

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override render() {
    const { error } = this.state
    if (error === undefined) return this.props.children
    return (
      <Alert type="error" action={<Button onClick={() => location.reload()}>{common.retry}</Button>}>
        {common.failed.crashed}
        <Box variant="code" display="block" margin={{ top: 's' }}>
          {error instanceof Error ? `${error.name}: ${error.message}` : String(error)}
        </Box>
      </Alert>
    )
  }
}
