import description from '../package.json' with { type: 'json' }

/** Version of this agent, as it tells the server. */
export const agentVersion: string = description.version

/** The name under which the server lists this agent. */
export const agentName = 'steward-agent'
