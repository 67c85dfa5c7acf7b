/** What documents look like: the same for the server that checks them, the agent that runs them, and whoever edits them. */
export { ACTIONS, type AutomationAction } from './actions.ts'
export { type JsonPath, type JsonSchema, type SchemaProblem, schemaProblems, schemasAt } from './json-schema.ts'
export { PLATFORMS, PLUGINS, type Platform, type Plugin } from './plugins.ts'
export { documentSchema, SCHEMA_VERSIONS } from './schemas.ts'
