import type { Operations } from '@steward/model/generated/iam.ts'
import { service } from '#kernel/declare.ts'
import { changeRevision } from './revision.ts'

const declared = service<Operations>('iam')

/** Declares the operations of `iam`: `export const GetThing = iam.read('GetThing', { … })`. */
export const iam = {
  ...declared,
  /** What a write changes counts from the next request on, whatever was kept of principals and policies. */
  write: ((name, spec) =>
    declared.write(name, {
      ...spec,
      async handle(input, call, prepared) {
        const output = await spec.handle(input, call, prepared)
        await changeRevision(call.db, call.scope.account, call.ids)
        return output
      },
    })) as typeof declared.write,
}
