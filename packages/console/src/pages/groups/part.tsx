import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import type { ReactNode } from 'react'
import { groups } from '#texts/groups.ts'

interface PartProps<T, K extends keyof T> {
  readonly overview: T & { readonly Withheld: readonly { readonly Part: string; readonly Reason: string }[] }
  readonly part: K
  readonly title: string
  readonly children: (data: NonNullable<T[K]>) => ReactNode
}

/** A part of the overview, or why the person may not see it. */
export function Part<T, K extends keyof T>({ overview, part, title, children }: PartProps<T, K>) {
  const data = overview[part]
  return (
    <Container header={<Header variant="h2">{title}</Header>} fitHeight>
      {data === undefined || data === null ? (
        <Box color="text-body-secondary">
          {groups.page.withheld}
          <Box variant="small" display="block" color="text-body-secondary">
            {overview.Withheld.find(({ Part: name }) => name === part)?.Reason}
          </Box>
        </Box>
      ) : (
        children(data)
      )}
    </Container>
  )
}
