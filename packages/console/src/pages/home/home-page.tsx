import { PageFrame } from '#components/page-frame.tsx'
import { home } from '#texts/home.ts'

export function HomePage() {
  return <PageFrame title={home.title}>{null}</PageFrame>
}
