/** How a capability declares what events and messages can be delivered to. */
import type { Reader } from '#db/database.ts'
import type { RolePrincipal } from '../principal.ts'
import type { Scope } from '../scope.ts'
import type { Vault } from '../vault.ts'
import type { ChannelContext } from './channel.ts'
import type { Access, WriteOperation } from './operation.ts'
import type { TaskContext } from './task.ts'

/** Something that is on its way to a target: an event that a rule matched, a message of a topic. */
export interface Delivery {
  readonly id: string
  readonly scope: Scope
  readonly targetArn: string
  /** ARN of the rule or topic that sends it. */
  readonly sourceArn: string
  readonly eventId: string
  readonly payload: string
  /** What the sender says to this kind of target besides, such as `RunCommandParameters`. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly createdAt: Date
  /** 1 for the first. */
  readonly attempt: number
}

/**
 * Delivers to one kind of target; declared by the capability that owns the kind. Throws `DeliveryFailed`; whatever else it throws
 * is tried again. `local` runs in the transaction that also ends the delivery, so it happens exactly once; `remote` goes out over
 * the network and may happen again after a crash.
 */
export type DeliveryTarget =
  | {
      readonly kind: 'local'
      /** Which ARNs are its. */
      serves(arn: string): boolean
      deliver(delivery: Delivery, context: LocalDeliveryContext): Promise<void>
    }
  | {
      readonly kind: 'remote'
      serves(arn: string): boolean
      deliver(delivery: Delivery, context: TaskContext): Promise<void>
    }

export interface LocalDeliveryContext extends PerformContext {
  readonly perform: Perform
  readonly admit: Admit
  readonly vault: Vault
}

/** The transaction that an operation is performed in. */
export interface PerformContext extends ChannelContext {
  /** Runs an effect once the transaction has been given up; what it comes to is waited for. */
  afterRefusal(effect: () => Promise<void> | undefined): void
}

/** A role in the hands of a service that was handed it. */
export interface ActingRole {
  readonly principal: RolePrincipal
  readonly scope: Scope
  readonly service: string
}

/**
 * Does an operation in a running transaction as a service does it with a role that it was handed: input is validated, and the role must
 * be allowed. Throws `ApiError`.
 */
export type Perform = (
  operation: WriteOperation,
  input: object,
  as: ActingRole,
  context: PerformContext,
) => Promise<object>

/** Asks whether a role may do what no operation here is, such as calling an API destination. Throws `AccessDeniedException`. */
export type Admit = (
  demanded: readonly Access[],
  as: ActingRole,
  at: { readonly db: Reader; readonly now: Date },
) => Promise<void>
