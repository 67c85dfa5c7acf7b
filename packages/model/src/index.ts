export type * from './generated/index.ts'
export { SERVICE_NAMES } from './generated/index.ts'
export { type DeclaredError, type InputVerdict, OperationModel } from './operation-model.ts'
export {
  parseQueryInput,
  renderQueryError,
  renderQueryErrorJson,
  renderQueryJson,
  renderQueryOutput,
} from './query-codec.ts'
export {
  matchRestOperation,
  parseRestInput,
  type RestMatch,
  type RestRequest,
  type RestResponse,
  renderRestOutput,
} from './rest-codec.ts'
export { findByTargetPrefix, findServices, loadService, ServiceModel } from './service-model.ts'
export type { HttpBinding, Pagination, Protocol, ServiceMetadata } from './service-table.ts'
export { structureRewriter } from './structure-rewriter.ts'
export { validationMessage } from './violations.ts'
export type { Wire } from './wire.ts'
