/**
 * Version of what Steward's agent and server say to each other beyond Amazon's protocol. One dated line for each step;
 * the golden fixtures of a released step are never edited.
 *
 * 1  2026-11-21  steward_output and steward_output_ack
 */
export const protocolVersion = 1

/** Sent by our agent with the upgrade of its control channel; the value is the agent's version. */
export const agentHeader = 'x-steward-agent'

/** Answered by our server with the 101; the value is `protocolVersion`. Without it the agent sends no extension. */
export const serverHeader = 'x-steward'

/** How often our server pings a control channel, in seconds: an agent that hears nothing for twice as long reconnects. */
export const serverPingSeconds = 5
