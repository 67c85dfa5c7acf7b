import Container from '@cloudscape-design/components/container'
import { ButtonLink } from '#components/button-link.tsx'
import { Empty } from '#components/empty.tsx'
import { parameters as texts } from '#texts/parameters.ts'
import { folderPage, parentOf } from './paths.ts'

/** There is no parameter of that name. */
export function Missing({ name }: { name: string }) {
  return (
    <Container>
      <Empty
        title={texts.notFound.title(name)}
        action={<ButtonLink to={folderPage(parentOf(name))}>{texts.notFound.list}</ButtonLink>}
      >
        {texts.notFound.body}
      </Empty>
    </Container>
  )
}
