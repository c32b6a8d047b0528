/** The direction of the code: main → app.module → features → platform. See docs/architecture.md. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'nothing-unreachable',
      comment: 'Every file can be reached from an entry point.',
      severity: 'error',
      from: { path: '^src/(main|sandbox/main|audit-verify/main)\\.ts$' },
      to: {
        path: '^src/',
        pathNot: '(\\.spec\\.ts|^src/(main|sandbox/main|audit-verify/main)\\.ts)$',
        reachable: false,
      },
    },
    {
      name: 'features-are-strangers',
      severity: 'error',
      from: { path: '^src/features/([^/]+)/' },
      to: { path: '^src/features/', pathNot: '^src/features/$1/' },
    },
    {
      name: 'platform-knows-no-feature',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^src/(features/|app\\.|main\\.)' },
    },
    {
      name: 'features-do-not-know-the-root',
      severity: 'error',
      from: { path: '^src/features/' },
      to: { path: '^src/(app\\.|main\\.)' },
    },
    {
      name: 'production-never-imports-the-sandbox',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/sandbox/' },
      to: { path: '^src/sandbox/' },
    },
    {
      name: 'the-sandbox-stands-alone',
      comment: 'It starts the gateway as a process of its own and shares no code with it.',
      severity: 'error',
      from: { path: '^src/sandbox/' },
      to: { path: '^src/', pathNot: '^src/sandbox/' },
    },
    {
      name: 'the-verifier-shares-no-code',
      comment: 'What writes the trail must not be what vouches for it.',
      severity: 'error',
      from: { path: '^src/audit-verify/' },
      to: { path: '^src/(?!audit-verify/)|node_modules/canonicalize/' },
    },
    {
      name: 'nothing-imports-the-verifier',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/audit-verify/' },
      to: { path: '^src/audit-verify/' },
    },
    {
      name: 'config-and-problem-import-none-of-ours',
      severity: 'error',
      from: { path: '^src/platform/(config/|http/problem(-types)?\\.ts)', pathNot: '\\.spec\\.ts$' },
      to: { path: '^src/', pathNot: '^src/platform/(config/|http/problem(-types)?\\.ts)' },
    },
    {
      name: 'one-door-out',
      comment: 'Only platform/upstream calls an upstream.',
      severity: 'error',
      from: { path: '^src/(platform|features|app|main)', pathNot: '^src/platform/upstream/' },
      to: { path: 'node_modules/(undici|axios|@nestjs/axios)/' },
    },
    {
      name: 'one-home-for-jwt',
      severity: 'error',
      from: { path: '^src/(platform|features|app|main)', pathNot: '^src/platform/auth/' },
      to: { path: 'node_modules/jose/' },
    },
    {
      name: 'one-home-for-sql',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(platform/(storage|audit)|audit-verify)/' },
      to: { path: 'node_modules/(kysely|better-sqlite3)/' },
    },
    {
      name: 'no-barrels-no-drawers',
      severity: 'error',
      from: {},
      to: { path: '^src/.*(index\\.ts$|/common/|/shared/|/utils/)' },
    },
    {
      name: 'production-uses-production-dependencies',
      severity: 'error',
      from: { path: '^src/', pathNot: '(^src/sandbox/|\\.spec\\.ts$)' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
