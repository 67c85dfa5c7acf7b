import type { steward as model } from '@steward/model'
import type { Wire } from '#api/wire.ts'

/** What DescribeNode tells of a node. */
export type NodeDetails = Wire<model.DescribeNodeResult>
