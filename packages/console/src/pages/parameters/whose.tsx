import SegmentedControl from '@cloudscape-design/components/segmented-control'
import { useLocation, useSearchParams } from 'wouter'
import { parameters as texts } from '#texts/parameters.ts'
import { folderPage, isPublic, PUBLIC, SECRETS_PAGE, SHARED_PAGE } from './paths.ts'

const PAGES: Readonly<Record<string, string>> = {
  own: folderPage('/'),
  shared: SHARED_PAGE,
  public: folderPage(PUBLIC),
  secrets: SECRETS_PAGE,
}

/** Whose parameters are looked at. Each has its own filters, so changing it begins anew. */
export function Whose() {
  const [search] = useSearchParams()
  const [, navigate] = useLocation()
  const { own, shared, secrets, public: everybodys, label } = texts.whose
  return (
    <SegmentedControl
      selectedId={search.get('whose') ?? (isPublic(search.get('path') ?? '/') ? 'public' : 'own')}
      label={label}
      options={[
        { id: 'own', text: own },
        { id: 'shared', text: shared },
        { id: 'public', text: everybodys },
        { id: 'secrets', text: secrets },
      ]}
      onChange={({ detail }) => navigate(PAGES[detail.selectedId]!)}
    />
  )
}
