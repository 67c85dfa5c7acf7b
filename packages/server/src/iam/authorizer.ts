/**
 * Asks for the decision on everything that a call demands, and looks up what decisions depend on: tags and policies of the
 * resources. Refusals are in AWS's sentence.
 */
import type { Reader } from '#db/database.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Access, ResourceDescription, ResourceDirectory } from '#kernel/declare.ts'
import { type Caller, decide } from './decide.ts'
import { askForResourceTags } from './policy/evaluate.ts'
import { type RequestContext, requestContext } from './policy/request-context.ts'

/** The condition keys that every request has. */
export type Conditions = Readonly<Record<string, string | readonly string[] | undefined>>

export class Authorizer {
  readonly #directories: ReadonlyMap<string, readonly ResourceDirectory[]>

  constructor(directories: readonly ResourceDirectory[]) {
    const byService = new Map<string, ResourceDirectory[]>()
    for (const directory of directories) {
      for (const service of directory.services) byService.set(service, [...(byService.get(service) ?? []), directory])
    }
    this.#directories = byService
  }

  /** Throws `AccessDeniedException`, which names the first demand that is not allowed. `conditions` is not asked for the root. */
  async admit(
    caller: Caller,
    demanded: readonly Access[],
    conditions: () => Conditions,
    reader: Reader,
  ): Promise<void> {
    // Nobody is anonymous but the caller of an operation whose input is the proof; the operation itself looks at that.
    if (caller.principal.kind === 'root' || caller.principal.kind === 'anonymous') return
    await this.#admitAll(demanded, caller, conditions(), reader)
  }

  async #admitAll(demanded: readonly Access[], caller: Caller, common: Conditions, reader: Reader): Promise<void> {
    for (const access of demanded) {
      const context = requestContext(common, access.context)
      for (const resource of access.resources) await this.#admitOn(resource, access, caller, context, reader)
      if (access.also) await this.#admitAll(await access.also(), caller, common, reader)
    }
  }

  async #admitOn(
    resource: string,
    { action }: Access,
    caller: Caller,
    common: RequestContext,
    reader: Reader,
  ): Promise<void> {
    const description = await this.#describe(resource, action, caller, reader)
    const context = description?.tags ? withTags(common, resource, description.tags) : common
    const decision = decide(caller, { action, resource, context, description })
    if (decision.allowed) return
    throw new ApiError(
      'AccessDeniedException',
      `User: ${caller.principal.arn} is not authorized to perform: ${action} on resource: ${resource} ${decision.because}`,
    )
  }

  /** What all directories of the resource's service know, as far as it can matter. */
  async #describe(
    resource: string,
    action: string,
    { policies }: Caller,
    reader: Reader,
  ): Promise<ResourceDescription | undefined> {
    const directories = this.#directories.get(resource.split(':', 3)[2] ?? '')
    if (!directories || !policies) return undefined
    const { identity, boundary, session = [] } = policies
    const byTags = askForResourceTags(boundary ? [...identity, ...session, boundary] : [...identity, ...session])
    let known: ResourceDescription | undefined
    for (const directory of directories) {
      if (byTags || directory.keepsPolicies) {
        const described = await directory.describe(reader, resource, action)
        if (described) known = { ...known, ...described, tags: { ...known?.tags, ...described.tags } }
      }
    }
    return known
  }
}

function withTags(
  common: RequestContext,
  resource: string,
  tags: NonNullable<ResourceDescription['tags']>,
): RequestContext {
  const context = new Map(common)
  const service = resource.split(':', 3)[2]
  for (const [key, value] of Object.entries(tags)) {
    context.set(`aws:resourcetag/${key.toLowerCase()}`, value)
    context.set(`${service}:resourcetag/${key.toLowerCase()}`, value)
  }
  return context
}
