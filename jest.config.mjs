/** Whole-gateway tests start the built product (`dist/`) as its own process; unit tests read `src` directly. */
export default {
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/support/postgres-start.mjs',
  globalTeardown: '<rootDir>/test/support/postgres-stop.mjs',
  setupFilesAfterEnv: ['<rootDir>/test/support/set-cookie-watch.ts'],
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
      },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // Most tests wait rather than compute. Left alone, jest would use one worker on two cores.
  maxWorkers: 2,
  testTimeout: 40_000,
  reporters: ['default', '<rootDir>/test/support/conformance-reporter.mjs'],
  // A test that failed half-way may leave servers behind.
  forceExit: true,
};
