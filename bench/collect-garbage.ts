/** Loaded into servers before their own program, with --expose-gc: they collect their garbage when they are told to by SIGUSR2. */
process.on('SIGUSR2', () => globalThis.gc!())
