import { useSearchParams } from 'wouter'
import { BrowseParameters } from './browse-parameters.tsx'
import { SecretsElsewhere } from './secrets-elsewhere.tsx'
import { SharedParameters } from './shared-parameters.tsx'

/** The account's own parameters and public ones, what others share with it, or secrets that are kept elsewhere. */
export function ListPage() {
  const [search] = useSearchParams()
  const whose = search.get('whose')
  return whose === 'shared' ? <SharedParameters /> : whose === 'secrets' ? <SecretsElsewhere /> : <BrowseParameters />
}
