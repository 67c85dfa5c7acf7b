import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'
import { BigNumber } from '#components/big-number.tsx'
import { home } from '#texts/home.ts'

export interface FigureProps {
  readonly title: string
  readonly number: number
  /** What the number is a part of. */
  readonly of: string
  readonly children?: ReactNode
}

/** One number that matters, what it is a part of, and what it is made of. */
export function Figure({ title, number, of, children }: FigureProps) {
  return (
    <Container header={<Header variant="h2">{title}</Header>} fitHeight>
      <SpaceBetween size="s">
        <BigNumber number={number} of={of} />
        {children}
      </SpaceBetween>
    </Container>
  )
}

/** A part of the page that the caller's policies keep from it. */
export function Withheld({ title, reason }: { title: string; reason: string }) {
  return (
    <Container header={<Header variant="h2">{title}</Header>} fitHeight>
      <Box color="text-body-secondary">{home.withheld}</Box>
      <Box variant="small" color="text-body-secondary">
        {reason}
      </Box>
    </Container>
  )
}
