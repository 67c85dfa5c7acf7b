export { type Config, readEnv, toConfig } from '#kernel/config.ts'
export { createLogger, type Logger, silentLogger } from '#kernel/logger.ts'
export { type House, startHouse } from './house.ts'
