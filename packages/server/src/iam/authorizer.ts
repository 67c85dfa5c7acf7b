/**
 * Asks for the decision on everything that a call demands, and looks up what decisions depend on: tags and policies of the
 * resources. Refusals are in AWS's sentence.
 */
import type { Reader } from '#db/database.ts'
import { ApiError } from '#kernel/api-error.ts'
import type { Access, ResourceDescription, ResourceDirectory } from '#kernel/declare.ts'
import { type Caller, type Demand, decide } from './decide.ts'
import { askAboutResource } from './policy/evaluate.ts'
import { type RequestContext, requestContext } from './policy/request-context.ts'

/** The condition keys that every request has. */
export type Conditions = Readonly<Record<string, string | readonly string[] | undefined>>

export class Authorizer {
  readonly #directories: ReadonlyMap<string, readonly ResourceDirectory[]>

  constructor(directories: readonly ResourceDirectory[]) {
    const byService = new Map<string, ResourceDirectory[]>()
    const inOrder = directories.toSorted((a, b) => Number(b.keepsPolicies) - Number(a.keepsPolicies))
    for (const directory of inOrder) {
      for (const service of directory.services) byService.set(service, [...(byService.get(service) ?? []), directory])
    }
    this.#directories = byService
  }

  /**
   * Throws `AccessDeniedException`, which names the first demand that is not allowed. For the root nothing is looked up, nor
   * `conditions` asked for, but where a policy of a resource may bind it.
   */
  async admit(
    caller: Caller,
    demanded: readonly Access[],
    conditions: () => Conditions,
    reader: Reader,
  ): Promise<void> {
    // Nobody is anonymous but the caller of an operation whose input is the proof; the operation itself looks at that.
    if (caller.principal.kind === 'anonymous') return
    const open = caller.principal.kind === 'root' ? demanded.filter((access) => this.#mayBindRoot(access)) : demanded
    if (open.length > 0) await this.#admitAll(open, caller, conditions(), reader)
  }

  #mayBindRoot({ action, resources }: Access): boolean {
    const directories = resources.flatMap((resource) => this.#directories.get(serviceOf(resource)) ?? [])
    return directories.some(({ rootIsFreeTo }) => rootIsFreeTo !== undefined && !rootIsFreeTo.has(action))
  }

  async #admitAll(demanded: readonly Access[], caller: Caller, common: Conditions, reader: Reader): Promise<void> {
    const asked = policiesAskAboutResource(caller)
    for (const access of demanded) {
      try {
        await this.#admitOne(access, caller, common, asked, reader)
      } catch (error) {
        if (!access.or || !(error instanceof ApiError)) throw error
        await this.#admitAll(access.or, caller, common, reader)
      }
    }
  }

  async #admitOne(access: Access, caller: Caller, common: Conditions, asked: boolean, reader: Reader): Promise<void> {
    const context = requestContext(common, access.context)
    for (const resource of access.resources) {
      const description = await this.#describe(resource, access.action, asked, reader)
      const more = asked || description !== undefined
      const known = more ? withResource(context, resource, caller, description) : context
      requireAllowed(caller, { action: access.action, resource, alias: access.alias, description, context: known })
    }
    if (access.also) await this.#admitAll(await access.also(), caller, common, reader)
  }

  /** What all directories of the resource's service know, as far as it can matter: whoever keeps policies is heard first. */
  async #describe(
    resource: string,
    action: string,
    asked: boolean,
    reader: Reader,
  ): Promise<ResourceDescription | undefined> {
    const directories = this.#directories.get(serviceOf(resource)) ?? []
    let known: ResourceDescription | undefined
    for (const directory of directories) {
      const matters = directory.keepsPolicies || asked || (known?.policy && askAboutResource([known.policy]))
      const described = matters ? await directory.describe(reader, resource, action) : undefined
      if (described) known = { ...known, ...described, tags: { ...known?.tags, ...described.tags } }
    }
    return known
  }
}

function requireAllowed(caller: Caller, demand: Demand): void {
  const decision = decide(caller, demand)
  if (decision.allowed) return
  const { action, resource } = demand
  const { because, statement: denied } = decision
  throw new ApiError(
    'AccessDeniedException',
    `User: ${caller.principal.arn} is not authorized to perform: ${action} on resource: ${resource} ${because}`,
    // For the log: the caller is not told whose policy it was.
    { detail: denied && { deniedBy: denied.policy.name, statement: denied.statement.sid || denied.index } },
  )
}

function policiesAskAboutResource({ policies }: Caller): boolean {
  if (!policies) return false
  const { identity, boundary, session = [] } = policies
  return askAboutResource(identity) || askAboutResource(session) || (boundary ? askAboutResource([boundary]) : false)
}

/** The condition keys that say what the resource is like. */
function withResource(
  common: RequestContext,
  resource: string,
  { principal }: Caller,
  { tags = {}, conditions }: ResourceDescription = {},
): RequestContext {
  const context = new Map(common)
  for (const [key, value] of requestContext(conditions)) context.set(key, value)
  context.set('aws:resourceaccount', resource.split(':')[4] || principal.account)
  const service = serviceOf(resource)
  for (const [key, value] of Object.entries(tags)) {
    context.set(`aws:resourcetag/${key.toLowerCase()}`, value)
    context.set(`${service}:resourcetag/${key.toLowerCase()}`, value)
  }
  return context
}

function serviceOf(resource: string): string {
  return resource.split(':', 3)[2] ?? ''
}
