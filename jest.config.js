export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  globalSetup: '<rootDir>/test/build-bundle.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1', // './x.js' in source finds x.ts
    '^bivouac/charts$': '<rootDir>/charts/constructs/index.ts',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript' },
          experimental: { keepImportAttributes: true }, // JSON imports
        },
        module: { type: 'es6' },
      },
    ],
  },
  coverageProvider: 'v8', // the babel provider reports wrong branch figures for swc output
  collectCoverageFrom: ['src/**/*.ts', 'charts/**/*.ts'],
  maxWorkers: '100%', // most of the time is spent waiting for git and child processes
  workerIdleMemoryLimit: '512MB', // ESM keeps about 14 MB per suite (jest#14605)
  testTimeout: 30_000,
  reporters: ['default', '<rootDir>/scripts/jest-totals.mjs'],
};
