/** From a caller's words to a version of a parameter. */
import type { Reader } from '#db/database.ts'
import { labelNotFound, parameterNotFound, versionNotFound } from './errors.ts'
import type { Labels } from './labels.ts'
import { isPublic, type ParameterRef } from './name.ts'
import type { Found } from './parameter.ts'
import { type Asker, publicParameter } from './public-parameters.ts'
import { latestOf, olderVersion, shownLatest } from './store.ts'
import type { ParameterTable, ShownParameter, ShownVersion } from './tables.ts'

/** The version that is meant. Throws `ParameterNotFound`, `ParameterVersionNotFound`. */
export async function lookUp(asker: Asker, ref: ParameterRef): Promise<Found> {
  const latest = isPublic(ref.key)
    ? await publicParameter(asker, ref.scope.region, ref.key)
    : await shownLatest(asker.db, ref.scope, ref.key)
  if (!latest) throw parameterNotFound()
  const name = ref.spelling ?? latest.name
  const row = ref.selector ? await selected(asker.db, latest, ref.selector, name) : latest
  return { row, name, selector: ref.selector }
}

/** All of a parameter with its latest version. Throws `ParameterNotFound`. */
export async function mustFind(asker: Asker, ref: ParameterRef): Promise<ParameterTable> {
  const row = isPublic(ref.key)
    ? await publicParameter(asker, ref.scope.region, ref.key)
    : await latestOf(asker.db, ref.scope, ref.key)
  if (!row) throw parameterNotFound()
  return row
}

/** The labels of a parameter. */
export function toLabels({ labels }: Pick<ParameterTable, 'labels'>): Labels {
  return labels === null ? {} : (JSON.parse(labels) as Labels)
}

/** The version itself, wherever it is kept; undefined if there is none such, or not any more. */
export async function versionOf(
  reader: Reader,
  latest: ShownParameter,
  version: number,
): Promise<ShownVersion | undefined> {
  return version === latest.version ? latest : olderVersion(reader, latest, version)
}

async function selected(
  reader: Reader,
  latest: ShownParameter,
  selector: NonNullable<ParameterRef['selector']>,
  name: string,
): Promise<ShownVersion> {
  const version = 'version' in selector ? selector.version : toLabels(latest)[selector.label]
  if (version === undefined) throw labelNotFound(name, selector.text)
  // Beyond what any column holds, and beyond every version.
  const row = version <= latest.version ? await versionOf(reader, latest, version) : undefined
  if (!row) throw versionNotFound(name, selector.text)
  return row
}
